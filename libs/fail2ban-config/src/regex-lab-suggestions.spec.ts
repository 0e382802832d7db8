import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tryRegexes } from './regex-lab.ts';
import { suggestionsFor } from './regex-lab-suggestions.ts';
import { stockConfigDir, testPrograms } from './testing/programs.ts';

const found = (regex: string, isAnchoredElsewhere = false): string[] =>
  suggestionsFor(regex, isAnchoredElsewhere).map(
    ({ code, position, length }) => `${code} ${regex.slice(position, position + length)}`,
  );

test.each([
  ['^FAIL from <HOST>$', []],
  ['\\AFAIL from <HOST>', []],
  ['FAIL from <HOST>', ['unanchored F']],
  ['(?i)^fail from <HOST>', []],
  ['(?i)fail from <HOST>', ['unanchored f']],
  ['(?:^a|^b) <HOST>', []],
  ['(?:^a|b) <HOST>', ['unanchored (?:^a|b)']],
  ['(?:^a)? <HOST>', ['unanchored (?:^a)?']],
  ['^a <HOST>|b <HOST>', ['unanchored b']],
  ['<F-MLFID>^a</F-MLFID> <HOST>', []],
  ['(?=x)^a <HOST>', []],
  ['\\^a <HOST>', ['unanchored \\^']],
  ['[^a] <HOST>', ['unanchored [^a]']],
  ['', ['unanchored ']],
])('says whether %s is tied to the beginning', (regex, expected) => {
  expect(found(regex)).toEqual(expected);
});

test('leaves the beginning to the prefregex where there is one', () => {
  expect(found('FAIL from <HOST>', true)).toEqual([]);
});

test.each([
  ['^.*<HOST>', ['greedy-before-host .*']],
  ['^user .+ from <ADDR>', ['greedy-before-host .+']],
  ['^user .{1,40} from <IP4>', ['greedy-before-host .{1,40}']],
  ['^user <F-USER>.*</F-USER> from <HOST>', ['greedy-before-host .*']],
  ['^user .*? from <HOST>', ['user-text-before-host .*?']],
  ['^"[^"]*" from <HOST>', ['user-text-before-host [^"]*']],
  ['^"(?:[^"\\\\]|\\\\")+" from <HOST>', ['user-text-before-host [^"\\\\]']],
  ['^user \\S+ from <HOST>', []],
  ['^\\[[^ ]+\\] from <HOST>', []],
  ['^\\[[^.]+\\] from <HOST>', []],
  ['^user \\d+ from <HOST>', []],
  ['^from <HOST> user .*$', []],
  ['^(?:user .* from <HOST>|from <HOST>)', ['greedy-before-host .*']],
  ['^(?!.*x)from <HOST>', []],
  ['^user .* from (?P<host>\\S+)', ['greedy-before-host .*']],
  ['^user .* from <F-ID>\\S+</F-ID> .*', ['greedy-before-host .*']],
  ['^user .? from <HOST>', []],
  ['^user \\.* from <HOST>', []],
  ['^user [.*] from <HOST>', []],
])('points at what is free before the address in %s', (regex, expected) => {
  expect(found(regex)).toEqual(expected);
});

test('says in words what an attacker can do', () => {
  expect(suggestionsFor('.*<HOST>').map(({ message }) => message)).toEqual([
    expect.stringContaining('Begin with ^'),
    expect.stringContaining('the last address of the line counts'),
  ]);
});

test('never throws and points into the regex, whatever it is given', () => {
  const pieces = fc.constantFrom(
    '(',
    ')',
    '(?:',
    '(?P<ip4>',
    '[',
    ']',
    '[^',
    '\\',
    '.*',
    '.+?',
    '<HOST>',
    '<F-USER>',
    '</F-USER>',
    '|',
    '^',
    '{1,',
    '}',
    'a',
    '😀',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 60 }), (parts) => {
      const regex = parts.join('');
      for (const { position, length } of suggestionsFor(regex)) {
        expect(position).toBeGreaterThanOrEqual(0);
        expect(position + length).toBeLessThanOrEqual(regex.length);
      }
    }),
  );
  expect(suggestionsFor('('.repeat(100_000)).length).toBeLessThanOrEqual(20);
  expect(suggestionsFor('^.*<HOST>|'.repeat(10_000))).toHaveLength(20);
});

test("finds most of Debian's filters tied to the beginning", async () => {
  const configDir = stockConfigDir();
  const names = readdirSync(join(configDir, 'filter.d')).filter(
    (name) => name === 'sshd.conf' || name === 'dovecot.conf' || name === 'nginx-http-auth.conf',
  );
  expect(names).toHaveLength(3);
  for (const name of names) {
    const { definition } = await tryRegexes(testPrograms(), {
      lines: ['x'],
      use: { configDir, filter: name.replace('.conf', '') },
    });
    for (const regex of definition.failregex)
      expect(found(regex)).not.toContainEqual(expect.stringMatching(/^unanchored/));
  }
});
