import { type ConfigResult, type Entry, type EntryBatch, type Feed, type SourceMetadata } from '@bangui/plugin-sdk';
import { type SourceDescription } from './hosting/describe-source.ts';

/**
 * A blocklist source as the rest of the API sees it: the same for one that runs in this process and for one that runs in a
 * confined child. Everything is asynchronous, bounded in time and output, and safe to call from a worker thread.
 */
export interface HostedSource {
  /** The source's id, permanent: stored sources refer to it. */
  readonly id: string;
  readonly metadata: SourceMetadata;
  /** JSON Schema (2020-12) of its settings, from which the portal draws the form; secret fields carry `writeOnly: true`. */
  readonly configSchema: Readonly<Record<string, unknown>>;
  /** Checks settings with the source's own schema. Secrets are given as placeholders already. */
  readConfig(config: unknown): Promise<ConfigResult<unknown>>;
  /**
   * What to download, checked against the metadata: hosts, schemes, keys.
   * @throws PluginFault when the source answers something else
   */
  feeds(config: unknown): Promise<readonly Feed[]>;
  /**
   * Reads one downloaded feed, lazily.
   * @throws MalformedFeed when it is not the format the publisher documents
   * @throws PluginFault when the source breaks, is too slow, or answers beyond its limits
   */
  parse(
    body: AsyncIterable<Uint8Array>,
    feed: Feed,
    config: unknown,
    signal: AbortSignal,
  ): AsyncIterable<Entry | EntryBatch>;
}

/**
 * Where a source's code is, in plain data: what a worker thread needs to open the same {@link HostedSource} again.
 * `in-tree` code is imported; `foreign` code runs in a child of its own under Node's permission model.
 */
export interface SourceLocation {
  readonly id: string;
  readonly trust: 'in-tree' | 'foreign';
  /** Folder of the package, absolute. */
  readonly directory: string;
  /** Absolute path of the module that exports the source. */
  readonly entry: string;
  /** Checksum of the folder: foreign code runs only while it still has this one. */
  readonly checksum?: string;
  /** What the source says about itself, where that is known: it then need not be loaded to be asked. */
  readonly description?: SourceDescription;
}
