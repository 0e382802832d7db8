import { createHash } from 'node:crypto';
import { AddressSet, Network, type SetChange } from '@bangui/ip';
import { type Feed, MalformedFeed } from '@bangui/plugin-sdk';
import { configProblems, fillSecretsOfFeed } from '@bangui/plugin-sdk/host';
import { release } from '../../../core/database/handed-over.ts';
import { type HostedSource, PluginFault } from '../../plugins/hosting/index.ts';
import { DownloadProblem } from '../download/download-problem.ts';
import { type Downloader } from '../download/downloader.ts';
import { type FeedValidators } from '../download/feed-request.ts';
import { cleanSet, droppedOf } from './clean-set.ts';
import { FeedCounts, type Funnel } from './funnel.ts';
import { suspicionOf } from './guard.ts';
import {
  type ChangedFeed,
  type ImportHost,
  type ImportJob,
  type ImportResult,
  type PreviewResult,
} from './import-job.ts';
import { readFeed } from './read-feed.ts';

/** Networks that a preview shows. */
const sampleSize = 50;

/** Feed of which the set is known, or undefined when the publisher had no news. */
interface ReadFeed {
  readonly key: string;
  readonly set: AddressSet | undefined;
}

/** The settings of a source do not pass its own check, for example after an upgrade. */
class SettingsRefused extends Error {}

/** Downloads and reads one source; stores nothing. One object for each import. */
export class SourceImport {
  private readonly counts = new FeedCounts();
  private readonly validators: Record<string, FeedValidators> = {};
  private readonly own: AddressSet;

  private readonly source: HostedSource;
  private readonly job: ImportJob;
  private readonly downloader: Downloader;
  private readonly host: ImportHost;
  private readonly signal: AbortSignal;

  constructor(source: HostedSource, job: ImportJob, downloader: Downloader, host: ImportHost, signal: AbortSignal) {
    this.source = source;
    this.job = job;
    this.downloader = downloader;
    this.host = host;
    this.signal = signal;
    this.own = AddressSet.decode(job.own) ?? AddressSet.empty;
  }

  /** Never rejects for what a publisher or plugin did; rejects when it is aborted. */
  async run(): Promise<ImportResult> {
    try {
      const { feeds, read } = await this.readAll({ isConditional: true });
      const changed = read.flatMap(({ key, set }) => this.changedFeed(key, set));
      const isSameFeeds = feeds.length === Object.keys(this.job.hashes).length;
      if (changed.length === 0 && isSameFeeds) return { kind: 'unchanged', validators: this.validators };
      const { before, after, change } = await this.wholeSets(read);
      return {
        kind: 'changed',
        validators: this.validators,
        feeds: feeds.map(({ key }) => key),
        changed,
        hash: this.hashOfAll(feeds, changed),
        funnel: this.funnel(after, change),
        suspicion: suspicionOf(before, after, change, this.job.maxChangePercent),
      };
    } catch (error) {
      this.signal.throwIfAborted();
      return failureOf(error);
    }
  }

  /** Downloads everything anew and says what an import would make of it. @throws what {@link failureOf} knows */
  async preview(): Promise<PreviewResult> {
    const { read } = await this.readAll({ isConditional: false });
    const { before, after, change } = await this.wholeSets(read);
    const allowed = (this.job.allowed && AddressSet.decode(this.job.allowed)) ?? AddressSet.empty;
    const left = after.subtract(allowed);
    return {
      funnel: this.funnel(after, change),
      suspicion: suspicionOf(before, after, change, this.job.maxChangePercent),
      allowlisted: droppedOf(after.intersect(allowed)),
      seen: (this.job.seen ?? []).filter((address) => holds(left, address)),
      sample: sampleOf(left),
    };
  }

  private async readAll({ isConditional }: { readonly isConditional: boolean }): Promise<{
    feeds: readonly Feed[];
    read: readonly ReadFeed[];
  }> {
    const checked = await this.source.readConfig(this.job.config);
    if (checked.issues) throw new SettingsRefused(configProblems(checked.issues).join('; '));
    const feeds = await this.source.feeds(checked.value);
    const read: ReadFeed[] = [];
    for (const feed of feeds) {
      // The beginning and the end are told by whoever asked for the import.
      if (read.length > 0) this.tellProgress(read.length, feeds.length);
      read.push(await this.readOne(feed, checked.value, isConditional));
    }
    return { feeds, read };
  }

  private async readOne(feed: Feed, config: unknown, isConditional: boolean): Promise<ReadFeed> {
    // Ends the connection however the reading ends, also when the source never touched the body. Without news it has ended.
    const done = new AbortController();
    let hasNews = true;
    const { url, headers } = fillSecretsOfFeed(feed, this.job.secrets);
    const known = this.job.hashes[feed.key] === undefined ? undefined : this.job.validators[feed.key];
    const validators = isConditional ? known : undefined;
    try {
      const signal = AbortSignal.any([this.signal, done.signal]);
      const response = await this.downloader.download(
        { url, headers, validators, metadata: this.source.metadata },
        signal,
      );
      if (response.status === 'unchanged') {
        hasNews = false;
        if (known) this.validators[feed.key] = known;
        this.counts.unchangedFeeds += 1;
        return { key: feed.key, set: undefined };
      }
      const built = await readFeed(this.source, feed, config, response.body, this.signal);
      this.counts.downloadedBytes += response.size.downloaded;
      this.counts.unpackedBytes += response.size.unpacked;
      this.validators[feed.key] = response.validators;
      return { key: feed.key, set: cleanSet(built, this.own, this.counts) };
    } finally {
      if (hasNews) done.abort();
    }
  }

  private changedFeed(feed: string, set: AddressSet | undefined): ChangedFeed[] {
    if (!set) return [];
    const packed = set.encode();
    const hash = AddressSet.hashOf(packed);
    if (hash !== this.job.hashes[feed]) return [{ feed, hash, ranges: set.rangeCount, packed }];
    release(packed);
    return [];
  }

  private hashOfAll(feeds: readonly Feed[], changed: readonly ChangedFeed[]): string {
    const now = new Map(Object.entries(this.job.hashes));
    for (const { feed, hash } of changed) now.set(feed, hash);
    const parts = feeds.map(({ key }) => `${key} ${now.get(key) ?? ''}`).toSorted();
    return createHash('sha256').update(parts.join('\n')).digest('hex');
  }

  /** The source before and after, over all of its feeds, and what leads from one to the other. */
  private async wholeSets(
    read: readonly ReadFeed[],
  ): Promise<{ before: AddressSet | undefined; after: AddressSet; change: SetChange }> {
    const previous = new Map<string, AddressSet>();
    for (const feed of Object.keys(this.job.hashes)) {
      const packed = await this.host.stored(feed);
      const set = packed && AddressSet.decode(packed);
      release(packed);
      if (set) previous.set(feed, set);
    }
    const before = previous.size > 0 ? AddressSet.unionOf([...previous.values()]) : undefined;
    const now = read.map(({ key, set }) => set ?? previous.get(key) ?? AddressSet.empty);
    const after = AddressSet.unionOf(now);
    return { before, after, change: (before ?? AddressSet.empty).changeTo(after) };
  }

  private funnel(after: AddressSet, { added, removed }: SetChange): Funnel {
    const { addresses4, addresses6 } = after.counts();
    return {
      ...this.counts,
      ranges: after.rangeCount,
      addresses4,
      addresses6: Number(addresses6),
      addedRanges: added.rangeCount,
      removedRanges: removed.rangeCount,
    };
  }

  private tellProgress(feeds: number, totalFeeds: number): void {
    this.host.progress({ feeds, totalFeeds, unpackedBytes: this.counts.unpackedBytes });
  }
}

function holds(set: AddressSet, address: string): boolean {
  const network = Network.parse(address);
  return network !== undefined && set.contains(network);
}

/** Networks from all over a set, at most {@link sampleSize}. */
function sampleOf(set: AddressSet): string[] {
  const sample: string[] = [];
  const step = Math.max(1, Math.floor(set.rangeCount / sampleSize));
  let index = 0;
  for (const network of set.networks()) {
    if (index % step === 0) sample.push(network.toString());
    index += 1;
    if (sample.length === sampleSize) break;
  }
  return sample;
}

/** What an error of a download or plugin means. @throws the error itself when it is a mistake of ours */
export function failureOf(error: unknown): Extract<ImportResult, { kind: 'failed' }> {
  const failed = (code: Extract<ImportResult, { kind: 'failed' }>['code'], message: string, retryAfterMs?: number) =>
    ({ kind: 'failed', code, message: message.slice(0, 500), retryAfterMs }) as const;
  if (error instanceof DownloadProblem) return failed(error.code, error.message, error.retryAfterMs);
  if (error instanceof MalformedFeed) return failed('malformed', error.message);
  if (error instanceof PluginFault) return failed(error.kind === 'too-much' ? 'too-large' : 'plugin', error.message);
  if (error instanceof SettingsRefused) return failed('settings', error.message);
  throw error;
}
