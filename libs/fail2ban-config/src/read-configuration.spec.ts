import { expect, test } from 'vitest';
import { readConfiguration } from './read-configuration.ts';
import { asReading, withoutWords } from './testing/compare-readings.ts';
import { fail2banReading } from './testing/fail2ban-reader.ts';
import { stockConfigDir } from './testing/programs.ts';

test("gives for Debian's own configuration what fail2ban's own reader gives: all options of all jails, filters and actions", async () => {
  const theirs = await fail2banReading(stockConfigDir());
  const ours = await readConfiguration(stockConfigDir(), { fail2banVersion: theirs.version });

  expect(ours.problems).toEqual([]);
  expect(ours.jails.length).toBeGreaterThan(80);
  expect(asReading(ours, theirs.version)).toEqual(withoutWords(theirs));
});
