import { pathToFileURL } from 'node:url';
import {
  type BlocklistSource,
  type ConfigResult,
  type Entry,
  type EntryBatch,
  type Feed,
  MalformedFeed,
  type SourceMetadata,
} from '@bangui/plugin-sdk';
import { feedProblems, readConfig } from '@bangui/plugin-sdk/host';
import { type HostedSource } from '../hosted-source.ts';
import { loadSource, type SourceDescription } from './describe-source.ts';
import { EntryChecks } from './entry-checks.ts';
import { PluginFault, reasonOf } from './plugin-fault.ts';
import { timedEntries } from './timed-entries.ts';
import { WatchedBody } from './watched-body.ts';

/** A source of this repository, in this process. Its code is imported when it is first needed. */
export class InProcessSource implements HostedSource {
  readonly id: string;
  readonly metadata: SourceMetadata;
  readonly configSchema: Readonly<Record<string, unknown>>;
  private readonly entry: string;
  private readonly parseMs: number;
  private loaded: Promise<BlocklistSource> | undefined;

  /** @param parseMs milliseconds that it may work on one feed */
  constructor(entry: string, { metadata, configSchema }: SourceDescription, parseMs: number) {
    this.parseMs = parseMs;
    this.entry = entry;
    this.id = metadata.id;
    this.metadata = metadata;
    this.configSchema = configSchema;
  }

  async readConfig(config: unknown): Promise<ConfigResult<unknown>> {
    const source = await this.source();
    return guarded('the check of its settings', () => readConfig(source.config, config));
  }

  async feeds(config: unknown): Promise<readonly Feed[]> {
    const source = await this.source();
    const feeds = await guarded('`feeds`', () => source.feeds(config));
    const problems = feedProblems(this.metadata, feeds);
    if (problems.length > 0) throw new PluginFault('broken', `It gave wrong feeds: ${problems.join('; ')}`);
    return feeds;
  }

  async *parse(
    body: AsyncIterable<Uint8Array>,
    feed: Feed,
    config: unknown,
    signal: AbortSignal,
  ): AsyncGenerator<Entry | EntryBatch, void, undefined> {
    const source = await this.source();
    const watched = new WatchedBody(body);
    const checks = new EntryChecks(this.metadata.limits.maxEntries);
    try {
      const parse = (counted: AsyncIterable<Uint8Array>): AsyncIterable<unknown> => source.parse(counted, feed, config);
      for await (const value of timedEntries({ body: watched, parse, signal, limitMs: this.parseMs })) {
        yield checks.take(value);
      }
    } catch (error) {
      // A consumer that throws into a generator does not exist here, so it came from the body, the signal or the source.
      signal.throwIfAborted();
      if (watched.failure !== undefined) throw watched.failure.error;
      throw parseFault(error);
    }
  }

  private source(): Promise<BlocklistSource> {
    return (this.loaded ??= loadSource(pathToFileURL(this.entry).href));
  }
}

/** The error of a source's `parse` as the host knows it. */
export function parseFault(error: unknown): Error {
  if (error instanceof PluginFault || error instanceof MalformedFeed) return error;
  // The plugin may have brought its own copy of the SDK.
  if (error instanceof Error && 'code' in error && error.code === 'malformed') {
    return new MalformedFeed(reasonOf(error), { cause: error });
  }
  return new PluginFault('broken', `Its \`parse\` failed: ${reasonOf(error)}`, { cause: error });
}

async function guarded<T>(what: string, work: () => T | Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw new PluginFault('broken', `It failed in ${what}: ${reasonOf(error)}`, { cause: error });
  }
}
