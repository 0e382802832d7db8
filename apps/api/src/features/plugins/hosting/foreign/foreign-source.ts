import { type ConfigResult, type Entry, type EntryBatch, type Feed, type SourceMetadata } from '@bangui/plugin-sdk';
import { feedProblems, sourceProblems } from '@bangui/plugin-sdk/host';
import { type HostedSource } from '../../hosted-source.ts';
import { type SourceDescription } from '../describe-source.ts';
import { EntryChecks } from '../entry-checks.ts';
import { PluginFault } from '../plugin-fault.ts';
import { askChild } from './ask-child.ts';
import { type ForeignCode } from './child-process.ts';
import { parseInChild } from './parse-in-child.ts';

/** How long a foreign source may work. */
export interface ChildTimes {
  /** Milliseconds until it has said what it is. Nobody waits for it, and it is asked while everything else starts. */
  readonly describeMs: number;
  /** Milliseconds for a call, the start of the child included. */
  readonly callMs: number;
  /** Milliseconds of work on one feed, not counting the wait for the download or for whoever takes the entries. */
  readonly parseMs: number;
}

/** Several times what the largest lists take on a small machine. */
export const usualTimes: ChildTimes = { describeMs: 30_000, callMs: 10_000, parseMs: 120_000 };

/** Asks a foreign source what it is. @throws PluginFault when it does not say, or says something wrong */
export async function describeForeign(code: ForeignCode, times: ChildTimes): Promise<SourceDescription> {
  const answer = await askChild(code, { ask: 'describe' }, times.describeMs);
  const described = typeof answer === 'object' && answer !== null ? answer : {};
  const metadata: unknown = Reflect.get(described, 'metadata');
  const configSchema: unknown = Reflect.get(described, 'configSchema');
  // The child has checked itself, but the child is the plugin's: only its data is looked at, and here again.
  const problems = sourceProblems({ ...shape, metadata });
  if (typeof configSchema !== 'object' || configSchema === null) problems.push('its settings have no schema');
  if (problems.length > 0) throw new PluginFault('broken', `It describes itself wrongly: ${problems.join('; ')}`);
  return described as SourceDescription;
}

/** The parts of a source that a description has not. */
const shape = {
  api: 1,
  feeds: () => [],
  parse: () => [],
  config: { '~standard': { version: 1, validate: () => undefined, jsonSchema: { input: () => undefined } } },
};

/** A source of somebody else: each call runs in a confined process of its own. */
export class ForeignSource implements HostedSource {
  readonly id: string;
  readonly metadata: SourceMetadata;
  readonly configSchema: Readonly<Record<string, unknown>>;
  private readonly code: ForeignCode;
  private readonly times: ChildTimes;

  constructor(code: ForeignCode, { metadata, configSchema }: SourceDescription, times: ChildTimes) {
    this.code = code;
    this.times = times;
    this.id = metadata.id;
    this.metadata = metadata;
    this.configSchema = configSchema;
  }

  async readConfig(config: unknown): Promise<ConfigResult<unknown>> {
    const answer = await askChild(this.code, { ask: 'config', config }, this.times.callMs);
    const result = typeof answer === 'object' && answer !== null ? answer : {};
    if ('issues' in result && isIssues(result.issues)) return { issues: result.issues };
    if ('value' in result) return { value: result.value };
    throw new PluginFault('broken', 'Its check of settings gave nothing.');
  }

  async feeds(config: unknown): Promise<readonly Feed[]> {
    const feeds = await askChild(this.code, { ask: 'feeds', config }, this.times.callMs);
    const problems = feedProblems(this.metadata, feeds);
    if (problems.length > 0) throw new PluginFault('broken', `It gave wrong feeds: ${problems.join('; ')}`);
    return feeds as Feed[];
  }

  parse(
    body: AsyncIterable<Uint8Array>,
    feed: Feed,
    config: unknown,
    signal: AbortSignal,
  ): AsyncIterable<Entry | EntryBatch> {
    const checks = new EntryChecks(this.metadata.limits.maxEntries);
    return parseInChild(this.code, { body, feed, config, signal, checks }, this.times.parseMs);
  }
}

function isIssues(value: unknown): value is { readonly message: string }[] {
  return (
    Array.isArray(value) &&
    value.length > 0 &&
    value.length <= 1_000 &&
    value.every(
      (issue: unknown) =>
        typeof issue === 'object' && issue !== null && 'message' in issue && typeof issue.message === 'string',
    )
  );
}
