import assert from 'node:assert/strict';
import { feedProblems } from '@bangui/plugin-sdk/host';
import type { Check } from './check.ts';
import { readValidConfig, type Subject } from './subject.ts';

/** What is downloaded is known beforehand, and only from where the source says. */
export function feedChecks<Config>(subject: Subject<Config>): Check[] {
  const { source, test } = subject;
  return [
    {
      title: 'names its feeds: unique keys, declared hosts and schemes, no secret in an address',
      run: async () => {
        for (const value of test.validConfigs) {
          const feeds = source.feeds(await readValidConfig(subject, value));
          assert.deepEqual(feedProblems(source.metadata, feeds), [], `with ${JSON.stringify(value)}`);
        }
      },
    },
    {
      title: 'gives the same feeds for the same settings and leaves the settings alone',
      run: async () => {
        for (const value of test.validConfigs) {
          // The settings are frozen: changing them throws.
          const config = await readValidConfig(subject, value);
          assert.deepEqual(source.feeds(config), source.feeds(config), `with ${JSON.stringify(value)}`);
        }
      },
    },
  ];
}
