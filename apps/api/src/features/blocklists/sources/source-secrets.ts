import { Injectable } from '@nestjs/common';
import { SecretBox } from '../../../core/secrets/secret-box.ts';

/** Held by whoever seals, from the keys being read to the row being written: a key that seals is not dropped meanwhile. */
export const secretsLock = 'blocklist-secrets';

type Members = Readonly<Record<string, unknown>>;

/** Settings as they are stored: the secret ones apart, each sealed. */
export interface StoredSettings {
  readonly config: Record<string, unknown>;
  readonly secrets: Record<string, string>;
}

/** Keeps the secret settings of sources out of everything but the request that needs them. */
@Injectable()
export class SourceSecrets {
  constructor(private readonly box: SecretBox) {}

  /**
   * Takes the secret settings out and seals them. One that is not given stays as it was; an empty one is removed.
   * To be called inside of the transaction that stores them, under {@link secretsLock}.
   * @param known what is stored so far
   */
  take(
    sourceId: string,
    config: Members,
    fields: readonly string[],
    known: Readonly<Record<string, string>>,
  ): StoredSettings {
    const open = Object.entries(config).filter(([name]) => !fields.includes(name));
    const secrets = fields.flatMap((field): [string, string][] => {
      const given = config[field];
      const kept = known[field];
      if (typeof given === 'string' && given !== '') return [[field, this.box.seal(given, purposeOf(sourceId, field))]];
      return given === undefined && kept !== undefined ? [[field, kept]] : [];
    });
    return { config: Object.fromEntries(open), secrets: Object.fromEntries(secrets) };
  }

  /** The secret settings as they are. @throws SecretUnreadable */
  open(sourceId: string, secrets: unknown): Record<string, string> {
    return Object.fromEntries(
      Object.entries(sealedOf(secrets)).map(([field, sealed]) => [
        field,
        this.box.open(sealed, purposeOf(sourceId, field)),
      ]),
    );
  }

  /** The same sealed with the key that seals now; undefined when they are already. */
  renewed(sourceId: string, secrets: unknown): Record<string, string> | undefined {
    if (Object.values(sealedOf(secrets)).every((sealed) => this.box.isCurrent(sealed))) return undefined;
    const opened = Object.entries(this.open(sourceId, secrets));
    return Object.fromEntries(opened.map(([field, text]) => [field, this.box.seal(text, purposeOf(sourceId, field))]));
  }
}

/** Names of the secret settings in the JSON Schema of a source: those marked `writeOnly`. */
export function secretFields({ properties }: Readonly<Record<string, unknown>>): string[] {
  const isSecret = (property: unknown): boolean =>
    typeof property === 'object' && property !== null && 'writeOnly' in property && property.writeOnly === true;
  return Object.entries({ ...(properties as object | undefined) })
    .filter(([, property]: [string, unknown]) => isSecret(property))
    .map(([name]) => name);
}

/** Sealed texts by setting, from what the database has. */
export function sealedOf(secrets: unknown): Record<string, string> {
  if (typeof secrets !== 'object' || secrets === null) return {};
  return Object.fromEntries(
    Object.entries(secrets).filter((entry): entry is [string, string] => typeof entry[1] === 'string'),
  );
}

/** A sealed text of one source or setting is worth nothing in another one. */
function purposeOf(sourceId: string, field: string): string {
  return `blocklist-source ${sourceId} ${field}`;
}
