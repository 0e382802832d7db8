import fc from 'fast-check';
import { expect, test } from 'vitest';
import { attempt } from './interpolation.ts';
import { nameWithParameters, splitActions } from './parameters.ts';
import { splitReadings } from './testing/fail2ban-reader.ts';

const lists = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 60_000 : 10_000;

/** Short: fail2ban's own pattern may take exponential time. */
const texts = fc
  .array(
    fc.constantFrom(
      'a',
      'b.c',
      '=',
      '"',
      "'",
      '[',
      ']',
      '][',
      ',',
      ' ',
      '\n',
      'a=1',
      'b="x, y]"',
      "c='z'",
      'act[',
      '-',
      '$',
    ),
    {
      maxLength: 12,
    },
  )
  // Values of options have no blanks around them.
  .map((parts) => parts.join('').trim());

test(
  "takes lists of actions and their parameters apart as fail2ban's own patterns do",
  { timeout: 120_000 },
  async () => {
    const sample = fc.sample(texts, lists);
    const theirs = await splitReadings(sample);
    let named = 0;
    for (const [index, text] of sample.entries()) {
      const ours = splitActions(text).map((action) => {
        const { value } = attempt(() => nameWithParameters(action));
        if (value) named++;
        return { text: action, name: value?.name ?? null, parameters: value ? [...value.parameters] : null };
      });
      expect(ours, JSON.stringify(text)).toEqual(theirs[index]);
    }
    expect(named).toBeGreaterThan(lists / 4);
  },
);
