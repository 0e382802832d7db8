import { readdir } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { type ProbeFinding, probeRegexes, type ProbeSubject } from './regex-probe.ts';
import { ConfigurationDir } from './testing/configuration-dir.ts';
import { stockConfigDir, testPrograms } from './testing/programs.ts';

const programs = testPrograms();

const free = (failregex: readonly string[], more: Partial<ProbeSubject['use']> = {}): ProbeSubject['use'] => ({
  ...{ failregex, ignoreregex: [], prefregex: null, datepattern: null, maxlines: null, usedns: null },
  ...more,
});
const probe = (
  subjects: readonly ProbeSubject[],
  options: Parameters<typeof probeRegexes>[3] = {},
): Promise<ProbeFinding[]> => probeRegexes(programs, stockConfigDir(), subjects, options);
const subject = (failregex: string, lines: readonly string[] = []): ProbeSubject => ({
  ...{ use: free([failregex]), lines, only: null },
});

const endless = [
  '^(a+)+$ <HOST>',
  '^Failed login for (\\w+\\s?)+ from <HOST>$',
  '^(?:a|a)*$ <HOST>',
  '^(.*,)*x <HOST>',
  '^user ([a-z0-9]+[._-]?)*@ from <HOST>',
  '^(?:\\d+|\\w+)*! <HOST>',
  '^FAIL <HOST> "(?:[^"\\\\]|\\\\.|[^"])*"$',
  '^(?:\\s*\\w+)*: <HOST>',
  '^((a*)*)*b <HOST>',
  '^login (?P<x>(?:[a-f0-9]{2}:?)+)+ <HOST>$',
  '^(?=(\\w+\\s?)+;)<HOST>',
];

test('finds regexes that come to no end, and says on which line', async () => {
  const found = await probe(
    endless.map((regex) => subject(regex)),
    { matchMs: 250, budgetMs: 100_000 },
  );
  expect(found.map(({ kind, regex }) => [kind, regex])).toEqual(endless.map((regex) => ['slow', regex]));
  for (const { line, length } of found) {
    expect(line).not.toBe('');
    expect(length).toBeLessThan(2_500);
  }
}, 120_000);

test('lets regexes be that are only clumsy, and those that come to their end', async () => {
  const fine = [
    '^FAIL from <HOST>$',
    '^\\s*FAIL from <ADDR>',
    '^.*foo.*bar.*<HOST>.*$',
    '^(?:\\w|\\d)*! <HOST>',
    '^\\S+ \\S+ (?:\\S+ )*FAIL <HOST>',
    '^<F-USER>.*?</F-USER> failed (?:\\[[^\\]]*\\]\\s)*from <HOST>(?: port \\d+)?$',
  ];
  expect(await probe(fine.map((regex) => subject(regex)))).toEqual([]);
});

test("finds fault with none of Debian's filters", async () => {
  const names = (await readdir(`${stockConfigDir()}/filter.d`)).filter((name) => name.endsWith('.conf'));
  expect(names.length).toBeGreaterThan(90);
  const subjects = names.map((name) => ({ use: { filter: name.slice(0, -5) }, lines: [], only: null }));
  // Stricter than what holds for a change.
  const found = await probe(subjects, { matchMs: 250, budgetMs: 60_000 });
  // One of them is only there to be included, and lacks what others give it.
  expect(found.map(({ subject: at, part }) => [names[at], part])).toEqual([['selinux-common.conf', 'filter']]);
}, 120_000);

/** A folder with these files besides. */
async function folder(files: Readonly<Record<string, string>>): Promise<ConfigurationDir> {
  const dir = await ConfigurationDir.make();
  for (const [name, text] of Object.entries(files)) await dir.write(name, text);
  return dir;
}

describe('with a folder of its own', () => {
  test("does not take a regex for one of fail2ban's because a .local file has it", async () => {
    await using dir = await folder({
      'filter.d/shipped.conf': '[Definition]\nfailregex = ^\\s*shipped (\\w+\\s?)+ from <HOST>$\n',
      'filter.d/mine.local': '[Definition]\nfailregex = ^mine and only (\\w+\\s?)+ from <HOST>$\n',
    });
    const subjects = ['shipped', 'mine'].map((filter) => ({ use: { filter }, lines: [], only: null }));
    const found = await probeRegexes(programs, dir.path, subjects);
    expect(found).toMatchObject([
      { subject: 1, kind: 'slow', part: 'failregex', regex: '^mine and only (\\w+\\s?)+ from <HOST>$' },
    ]);
    // What a log already holds counts whoever wrote the regex.
    const lines = [`2026-11-20T10:11:12Z shipped ${'word'.repeat(20)};`];
    const [inLog] = await probeRegexes(programs, dir.path, [{ use: { filter: 'shipped' }, lines, only: null }]);
    expect(inLog).toMatchObject({ kind: 'slow', line: null, length: 90 });
  });

  test('says of a filter that no jail uses what Python does not take, and lets one be that has no failregex', async () => {
    await using dir = await folder({
      'filter.d/broken.local': '[Definition]\nfailregex = ^fine <HOST>\n            ^FAIL (from <HOST>\n',
      'filter.d/hostless.local': '[Definition]\nfailregex = ^FAIL\n',
      'filter.d/empty.local': '[Definition]\n_part = \\d+\n',
    });
    const subjects = ['broken', 'hostless', 'empty'].map((filter) => ({ use: { filter }, lines: [], only: null }));
    expect(await probeRegexes(programs, dir.path, subjects)).toMatchObject([
      { subject: 0, kind: 'unusable', part: 'failregex', index: 1, regex: '^FAIL (from <HOST>' },
      {
        subject: 1,
        kind: 'unusable',
        part: 'failregex',
        index: 0,
        message: expect.stringContaining('failure-id') as string,
      },
    ]);
  });
});

test('tries only what it is told to, and what a prefregex leaves over', async () => {
  const slow = '^(\\w+\\s?)+ from <HOST>$';
  const use = free([slow, '^FAIL <HOST>'], { prefregex: '^app: <F-CONTENT>.+</F-CONTENT>$', ignoreregex: [slow] });
  const none = { use, lines: [], only: { failregex: [1], ignoreregex: [], prefregex: true } };
  expect(await probe([none])).toEqual([]);
  const ignoring = { use, lines: [], only: { failregex: [], ignoreregex: [0], prefregex: false } };
  expect(await probe([ignoring])).toMatchObject([{ part: 'ignoreregex', index: 0, kind: 'slow' }]);
});

test('stops when its time is used up, and then finds no fault', async () => {
  const many = Array.from({ length: 50 }, (_, at) => subject(`^(?:\\w|${at})+x(?:\\w+ )* <HOST> ${at}$`));
  expect(await probe(many, { budgetMs: 1 })).toEqual([]);
});

test('takes no more lines than its bounds', async () => {
  await expect(probe([subject('^<HOST>', Array<string>(1_001).fill('x'))])).rejects.toThrow(TypeError);
  await expect(probe([subject('^<HOST>', ['x'.repeat(300_000)])])).rejects.toThrow(TypeError);
});
