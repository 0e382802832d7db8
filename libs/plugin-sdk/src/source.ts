import type { ConfigSchema } from './config-schema.ts';
import { sourceProblems } from './source-problems.ts';

/**
 * A blocklist source: says what to download and how to read it, and does neither itself. The host downloads, caches, limits,
 * retries, checks, stores and reports. A source keeps nothing between calls, so several calls may run at once.
 */
export interface BlocklistSource<Config = unknown> {
  /** Version of this contract; {@link defineSource} stamps it. */
  readonly api: 1;
  readonly metadata: SourceMetadata;
  /** Settings an administrator makes: checked by it, and the portal draws the form from its JSON Schema. */
  readonly config: ConfigSchema<Config>;
  /** What to download, at most 100 feeds. The same settings give the same feeds. */
  feeds(config: Config): readonly Feed[];
  /**
   * Reads one downloaded feed, lazily: asks for the next chunk only when the next entry is asked for.
   * @throws MalformedFeed when it is not the format the publisher documents
   */
  parse(body: AsyncIterable<Uint8Array>, feed: Feed, config: Config): AsyncIterable<Entry | EntryBatch>;
}

/** What the portal and the host know about a source before any code of it runs a download. */
export interface SourceMetadata {
  /** Kebab-case, 2 to 64 characters, never changed after the first release: stored sources refer to it. */
  readonly id: string;
  readonly name: string;
  readonly description: string;
  /** Page of the publisher about the list, https. */
  readonly homepage: string;
  /** Licence or terms of the list in a few words. */
  readonly licence: string;
  /** The only hosts that feeds and redirects may name; `from-config` when an administrator writes the address. */
  readonly hosts: readonly string[] | 'from-config';
  /** Schemes of the feeds; https alone unless said otherwise. `file` is a path below the folder the operator allows. */
  readonly schemes?: readonly Scheme[];
  /** The publisher's fair use: never downloaded more often, in minutes. */
  readonly minIntervalMinutes: number;
  /** Unchanged for longer than this, in hours, the source is shown as stale. */
  readonly staleAfterHours: number;
  readonly limits: SourceLimits;
}

/** Where a feed may be read from. */
export type Scheme = 'https' | 'http' | 'file';

/** Bounds per feed; beyond them the host stops reading and keeps the last good list. */
export interface SourceLimits {
  /** Size after decompression, in bytes. */
  readonly maxBytes: number;
  readonly maxEntries: number;
}

/** One thing to download. */
export interface Feed {
  /** Kebab-case, unique in the source; the stored list belongs to it. */
  readonly key: string;
  readonly url: string;
  /** Request headers. A secret setting is a placeholder here, which the host replaces when it sends the request. */
  readonly headers?: Readonly<Record<string, string>>;
  /** HTTP Basic authentication; both may be placeholders of secret settings. */
  readonly basicAuth?: BasicAuth;
}

/** User name and password of a feed. */
export interface BasicAuth {
  readonly user: string;
  readonly password: string;
}

/** One listed address, network or range with what the publisher says about it. */
export interface Entry {
  /** `192.0.2.1`, `192.0.2.0/24`, `192.0.2.1-192.0.2.9` or the same in IPv6; the host checks it. */
  readonly address: string;
  /** Why it is listed, at most 200 characters. */
  readonly reason?: string;
  /** How sure the publisher is, 0 to 100. */
  readonly confidence?: number;
  readonly lastSeenAt?: Date;
}

/**
 * Many addresses without further data, packed as numbers. In any order, may repeat and overlap; at most 65,536 addresses and
 * ranges in all. Made by `addressLines` and `addressBatches`: two million addresses as single objects cost more than reading them.
 */
export interface EntryBatch {
  /** Single IPv4 addresses, one number each. */
  readonly hosts4: Uint32Array;
  /** IPv4 ranges, two numbers each: first and last address, both inside. */
  readonly ranges4: Uint32Array;
  /** IPv6 ranges and single addresses, eight numbers each: four of the first address, four of the last, most significant first. */
  readonly ranges6: Uint32Array;
  /** Lines that were neither an address nor blank nor a comment; the host counts and shows them. */
  readonly invalid: number;
}

/** What {@link defineSource} takes: a source without the contract's version. */
export type SourceDefinition<Config> = Omit<BlocklistSource<Config>, 'api'>;

/**
 * Makes a source of contract version 1.
 * @throws TypeError naming what is wrong with its metadata, so that a wrong plugin is refused when it is loaded
 */
export function defineSource<Config>(definition: SourceDefinition<Config>): BlocklistSource<Config> {
  const source: BlocklistSource<Config> = { ...definition, api: 1 };
  const problems = sourceProblems(source);
  if (problems.length > 0) throw new TypeError(`This is no blocklist source: ${problems.join('; ')}`);
  return Object.freeze(source);
}
