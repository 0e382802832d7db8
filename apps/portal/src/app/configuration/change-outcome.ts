import { type Operation } from '../api/generated/models';

/** A jail as it was read back after a change. */
export interface JailOutcome {
  readonly name: string;
  readonly isArmed: boolean;
  /** The parts that are not as configured. */
  readonly missing: readonly string[];
}

/** What came of a change of the configuration. */
export interface ChangeOutcome {
  /** Null when the API gave none. */
  readonly version: number | null;
  readonly paths: readonly string[];
  /** Every jail that fail2ban has now, by name. */
  readonly jails: readonly JailOutcome[];
  /** Those that a reload alone did not bring to what they are meant to be. */
  readonly restarted: readonly string[];
}

/** Reads the outcome of an operation of the kind `configure`. */
export function changeOutcomeOf({ outcome }: Operation): ChangeOutcome {
  const { version, paths, jails, restarted } = outcome ?? {};
  return {
    version: typeof version === 'number' ? version : null,
    paths: strings(paths),
    jails: Object.entries(isRecord(jails) ? jails : {})
      .map(([name, state]) => jailOf(name, state))
      .sort((a, b) => a.name.localeCompare(b.name)),
    restarted: strings(restarted),
  };
}

/** The jail a file of BanGUI's own is about; undefined for one about all jails, and for filters and actions. */
export function jailOfPath(path: string): string | undefined {
  return /^jail\.d\/zz-bangui-jail-(.+)\.local$/.exec(path)?.[1];
}

function jailOf(name: string, state: unknown): JailOutcome {
  const fields = isRecord(state) ? state : {};
  return { name, isArmed: fields['armed'] === 'armed', missing: strings(fields['missing']) };
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
