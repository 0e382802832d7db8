import { readdir, readFile } from 'node:fs/promises';
import { afterEach, expect, test, vi } from 'vitest';
import { type FreeRegexes } from './regex-lab-result.ts';
import { regexLabLimits, type RegexLabOptions, tryRegexes } from './regex-lab.ts';
import { ConfigurationDir } from './testing/configuration-dir.ts';
import { stockConfigDir, testPrograms } from './testing/programs.ts';
import { stockFilterLines } from './testing/stock-filter-lines.ts';

afterEach(() => vi.unstubAllEnvs());

const programs = testPrograms();
const at = Date.parse('2026-11-20T10:11:12Z');

const free = (regexes: Partial<FreeRegexes>): FreeRegexes => ({
  failregex: [],
  ignoreregex: [],
  prefregex: null,
  datepattern: null,
  maxlines: null,
  ...regexes,
});

const run = (lines: readonly string[], regexes: Partial<FreeRegexes>, options?: RegexLabOptions) =>
  tryRegexes(programs, { lines, use: free(regexes) }, options);

/** Time limit of runs that say nothing about speed, on a machine that does other things too. */
const patient = { timeoutMs: 10_000 };

test.each(Object.entries(stockFilterLines))("finds host and time for Debian's filter %s", async (filter, sample) => {
  const lines = typeof sample === 'string' ? [sample] : sample;
  const result = await tryRegexes(programs, { lines, use: { configDir: stockConfigDir(), filter } }, patient);
  const last = result.lines.at(-1);
  expect(last).toMatchObject({ outcome: 'matched', because: null, host: '203.0.113.9' });
  // A time without a zone is of the machine's, as it is for fail2ban; a fraction is as good as none.
  expect(Math.floor((last?.time ?? 0) / 1000)).toBe(at / 1000);
  expect(result.definition.failregex[last?.regex ?? -1]).toBeDefined();
});

test('knows samples for at least half of the filters of Debian', async () => {
  const filters = (await readdir(`${stockConfigDir()}/filter.d`)).filter((name) => name.endsWith('.conf'));
  expect(Object.keys(stockFilterLines).length).toBeGreaterThan(filters.length / 2);
});

test('says of each line what became of it, and why', async () => {
  const result = await run(
    [
      '2026-11-20T10:11:12Z FAIL from 203.0.113.9 as carol',
      '2026-11-20T10:11:12Z FAIL from 192.0.2.1 as robot',
      '2026-11-20T10:11:12Z all is well',
      'DENIED 2001:db8::9',
      '',
    ],
    { failregex: ['^\\s*FAIL from <HOST> as <F-USER>\\w+</F-USER>$', '^DENIED <ADDR>'], ignoreregex: ['as robot$'] },
    patient,
  );
  expect(result.lines.map(({ outcome, because, regex, host, time }) => [outcome, because, regex, host, time])).toEqual([
    ['matched', null, 0, '203.0.113.9', at],
    ['ignored', 'ignoreregex', 0, null, at],
    ['missed', null, null, null, at],
    ['matched', null, 1, '2001:db8::9', null],
    ['missed', null, null, null, null],
  ]);
  expect(result.version).toMatch(/^\d+\.\d+/);
  expect(result.tookMs).toBeGreaterThan(0);
});

test.each([
  ['the time stands first', '2026-11-20T10:11:12Z FAIL from 203.0.113.9 as carol'],
  ['the time stands in the middle', 'FAIL from 203.0.113.9 [2026-11-20T10:11:12Z] as carol'],
  ['the time stands last', 'FAIL from 203.0.113.9 as carol 2026-11-20T10:11:12Z'],
  ['characters take two units', '😀 2026-11-20T10:11:12Z 😀 FAIL from 203.0.113.9 😀 as carol'],
])('finds the groups in the line where %s', async (_what, line) => {
  const failregex = ['FAIL from <HOST>.*as <F-USER>\\w+</F-USER>'];
  const { lines } = await run([line], { failregex }, patient);
  const groups = lines[0]?.groups ?? [];
  expect(groups.map(({ name }) => name)).toEqual(['ip4', 'user']);
  for (const { value, start, end } of groups) expect(line.slice(start ?? 0, end ?? 0)).toBe(value);
});

test('finds the groups of a regex that is tried on what a prefregex leaves over', async () => {
  const line = '2026-11-20T10:11:12Z app[7]: FAIL from 203.0.113.9';
  const { lines } = await run(
    [line, '2026-11-20T10:11:12Z FAIL from 203.0.113.9'],
    { prefregex: '^\\s*app\\[(?P<pid>\\d+)\\]: <F-CONTENT>.+</F-CONTENT>$', failregex: ['^FAIL from <HOST>$'] },
    patient,
  );
  expect(lines.map(({ outcome }) => outcome)).toEqual(['matched', 'missed']);
  expect(lines[0]?.groups.map(({ name, start, end }) => [name, line.slice(start ?? 0, end ?? 0)])).toEqual([
    ['pid', '7'],
    ['ip4', '203.0.113.9'],
  ]);
});

test('keeps what is known from lines before, and says which lines only prepare', async () => {
  const { lines } = await tryRegexes(
    programs,
    {
      lines: [
        'Nov 20 10:11:12 host sshd[812]: Connection from 203.0.113.9 port 40001',
        'Nov 20 10:11:12 host sshd[812]: Disconnecting: Too many authentication failures for carol [preauth]',
      ],
      use: { configDir: stockConfigDir(), filter: 'sshd' },
    },
    patient,
  );
  expect(lines).toMatchObject([
    { outcome: 'ignored', because: 'nofail' },
    { outcome: 'matched', host: '203.0.113.9' },
  ]);
  expect(lines[1]?.groups).toContainEqual({ name: 'ip4', value: '203.0.113.9', start: null, end: null });
});

test('gives a filter its parameters', async () => {
  const line = 'Nov 20 10:11:12 host sshd[812]: Did not receive identification string from 203.0.113.9';
  const of = async (filter: string) =>
    (await tryRegexes(programs, { lines: [line], use: { configDir: stockConfigDir(), filter } }, patient)).lines[0];
  expect(await of('sshd')).toMatchObject({ outcome: 'missed' });
  expect(await of('sshd[mode=aggressive]')).toMatchObject({ outcome: 'matched', host: '203.0.113.9' });
});

test('matches a host name and looks nothing up', async () => {
  const { lines } = await run(
    ['FAIL from door.invalid', 'FAIL from 203.0.113.9'],
    {
      failregex: ['^FAIL from <HOST>$'],
    },
    patient,
  );
  expect(lines).toMatchObject([
    { outcome: 'matched', because: 'name', host: 'door.invalid' },
    { outcome: 'matched', because: null, host: '203.0.113.9' },
  ]);
});

test('takes a line that is the name of a file for a line', async () => {
  const { lines } = await run(['/etc/passwd'], { failregex: ['^(?P<fid>root)'] }, patient);
  expect(lines).toMatchObject([{ outcome: 'missed' }]);
});

test.each<[string, Partial<FreeRegexes>, string, number | null, string]>([
  ['a failregex', { failregex: ['^a <HOST>', '^(open <HOST>'] }, 'failregex', 1, 'missing ), unterminated subpattern'],
  ['an ignoreregex', { failregex: ['^<HOST>'], ignoreregex: ['a', 'b', '*'] }, 'ignoreregex', 2, 'nothing to repeat'],
  ['a prefregex', { failregex: ['^<HOST>'], prefregex: '^[' }, 'prefregex', null, 'unterminated character set'],
  ['a failregex without an address', { failregex: ['^nobody$'] }, 'failregex', 0, 'No failure-id group'],
  ['an empty failregex', { failregex: [' '] }, 'failregex', 0, 'empty regex'],
  ['no failregex', {}, 'failregex', null, 'no failregex'],
  ['a date pattern', { failregex: ['^<HOST>'], datepattern: '%Q(' }, 'datepattern', null, ''],
  ['a date pattern that does not compile', { failregex: ['^<HOST>'], datepattern: '(%Y' }, 'datepattern', null, ''],
  [
    'a failregex nested too deeply',
    { failregex: [`${'('.repeat(5000)}<HOST>${')'.repeat(5000)}`] },
    'failregex',
    0,
    '',
  ],
])('says what is wrong with %s, in the words of Python or fail2ban', async (_what, regexes, part, index, words) => {
  const problem = await run(['x'], regexes, patient).catch((error: unknown) => error);
  expect(problem).toMatchObject({ name: 'RegexUnusable', part, index });
  expect(problem).toHaveProperty('message', expect.stringContaining(words));
});

test.each([
  ['does not exist', 'nosuch'],
  ['leads out of the folder', '../jail'],
  ['leads elsewhere', '/etc/passwd'],
  ['hides', '.hidden'],
  ['is none', ''],
  ['has broken parameters', 'sshd[mode='],
])('refuses a filter whose name %s', async (_what, filter) => {
  const use = { configDir: stockConfigDir(), filter };
  await expect(tryRegexes(programs, { lines: ['x'], use }, patient)).rejects.toMatchObject({ part: 'filter' });
});

test('refuses a filter file that fail2ban cannot read', async () => {
  await using dir = await ConfigurationDir.make();
  await dir.write('filter.d/broken.conf', 'no section\n');
  await dir.write('filter.d/latin.conf', Buffer.from('[Definition]\nfailregex = caf\xe9 <HOST>\n', 'latin1'));
  await dir.write('filter.d/loop.conf', '[Definition]\na = <b>\nb = <a>\nfailregex = <a> <HOST>\n');
  for (const filter of ['broken', 'latin', 'loop']) {
    const use = { configDir: dir.path, filter };
    await expect(tryRegexes(programs, { lines: ['x'], use }, patient)).rejects.toMatchObject({ name: 'RegexUnusable' });
  }
});

test('ends a regex that tries for ever, and leaves neither a process nor a file', async () => {
  await using dir = await ConfigurationDir.make();
  vi.stubEnv('TMPDIR', dir.path);
  const before = await readdir(dir.path);
  const endless = { failregex: ['^(a+)+b <HOST>'] };
  await expect(run(['a'.repeat(5000)], endless, { timeoutMs: 600 })).rejects.toMatchObject({
    name: 'RegexTooSlow',
    timeoutMs: 600,
  });
  await expect.poll(() => processesOf(dir.path)).toEqual([]);
  expect(await readdir(dir.path)).toEqual(before);
});

test('ends with its signal', async () => {
  await using dir = await ConfigurationDir.make();
  vi.stubEnv('TMPDIR', dir.path);
  const reason = new Error('enough');
  const controller = new AbortController();
  const running = run(['a'.repeat(5000)], { failregex: ['^(a+)+b <HOST>'] }, { ...patient, signal: controller.signal });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
  await expect.poll(() => processesOf(dir.path)).toEqual([]);
});

test('refuses memory to a regex that needs too much of it', async () => {
  // Python keeps all groups for each repetition, in case it has to go back: some 700 MB in all.
  const failregex = [`^(?:${'()'.repeat(90)}(a)|b)*c <HOST>`];
  await expect(run(['a'.repeat(250_000)], { failregex }, patient)).rejects.toMatchObject({
    name: 'RegexUnusable',
    part: 'memory',
  });
});

test('takes as many lines as it says, and no more', async () => {
  const { lines: maxLines, bytes, maxTimeoutMs } = regexLabLimits;
  const failregex = ['^FAIL from <HOST>$'];
  const full = Array.from({ length: maxLines }, (_, index) => `FAIL from 203.0.113.${index % 256}`);
  const { lines } = await run(full, { failregex }, patient);
  expect(lines.filter(({ outcome }) => outcome === 'matched')).toHaveLength(maxLines);
  await expect(run([...full, 'x'], { failregex })).rejects.toThrow(TypeError);
  await expect(run(['x'.repeat(1024 * 1024)], { failregex })).rejects.toThrow(TypeError);
  await expect(run(['é'.repeat(bytes / 2 + 1)], { failregex })).rejects.toThrow(TypeError);
  await expect(run(['x'], { failregex }, { timeoutMs: maxTimeoutMs + 1 })).rejects.toThrow(TypeError);
});

test('takes any text for a line', async () => {
  const lines = ['\u0000', '\ud800', '\u2028', '"\\', '%s%n', '\x1b[31m', 'a\r'];
  const result = await run(lines, { failregex: ['^FAIL from <HOST>$'] }, patient);
  expect(result.lines).toHaveLength(lines.length);
});

test('says which program cannot be run', async () => {
  const request = { lines: ['x'], use: free({ failregex: ['<HOST>'] }) };
  const reasonOf = (python: string) => tryRegexes({ python }, request).catch((error: unknown) => error);
  expect(await reasonOf('/nonexistent')).toMatchObject({ reason: 'not-found' });
  expect(await reasonOf('/bin/false')).toMatchObject({ reason: 'failed' });
  expect(await reasonOf('/bin/echo')).toMatchObject({ reason: 'not-understood' });
});

/** Processes of the lab whose request is in a folder. */
async function processesOf(dir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may end between listing and looking.
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes(dir));
}
