import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import type { BlocklistSource, Feed } from '@bangui/plugin-sdk';
import { configProblems, readConfig, secretFields, withPlaceholders } from '@bangui/plugin-sdk/host';
import type { SourceTest } from './source-test.ts';

/** The source under test and what its author says about it. */
export interface Subject<Config> {
  readonly source: BlocklistSource<Config>;
  readonly test: SourceTest;
}

/** One fixture with the feed and the settings it is read with. */
export interface Sample<Config> {
  readonly feed: Feed;
  readonly config: Config;
  readonly bytes: Uint8Array;
}

/** Settings as the host gives them to a source: checked, with defaults, secrets replaced, and not to be changed. */
export async function readValidConfig<Config>({ source }: Subject<Config>, value: unknown): Promise<Config> {
  const result = await readConfig(source.config, value);
  if (result.issues) {
    assert.fail(`refuses ${JSON.stringify(value)}: ${configProblems(result.issues).join('; ')}`);
  }
  return deepFreeze(withPlaceholders(result.value, secretFields(source.config)));
}

/** Every fixture, with the first settings that have its feed. */
export async function samples<Config>(subject: Subject<Config>): Promise<Sample<Config>[]> {
  const { source, test } = subject;
  const found: Sample<Config>[] = [];
  const keys = Object.entries(test.fixtures);
  assert.ok(keys.length > 0, 'there is no fixture');
  for (const [key, url] of keys) {
    const bytes = await readFile(url);
    assert.ok(bytes.length > 0, `the fixture ${url.pathname} is empty`);
    found.push({ ...(await feedOf(subject, key)), bytes });
  }
  return found;

  async function feedOf(of: Subject<Config>, key: string): Promise<{ feed: Feed; config: Config }> {
    for (const value of test.validConfigs) {
      const config = await readValidConfig(of, value);
      const feed = source.feeds(config).find((candidate) => candidate.key === key);
      if (feed) return { feed, config };
    }
    return assert.fail(`no valid settings give a feed "${key}", for which there is a fixture`);
  }
}

function deepFreeze<Value>(value: Value): Value {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
