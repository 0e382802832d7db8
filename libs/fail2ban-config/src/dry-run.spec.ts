import { cp, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ConfigurationProblem } from './configuration.ts';
import { dryRun } from './dry-run.ts';
import { ConfigurationDir } from './testing/configuration-dir.ts';
import { stockConfigDir, testPrograms } from './testing/programs.ts';

const programs = testPrograms();

/** The problems of a configuration whose jail `web` is good and whose jail `bad` has these further lines. */
async function problemsOf(lines: string): Promise<readonly ConfigurationProblem[]> {
  await using dir = await ConfigurationDir.make(`[web]\nenabled = true\n[bad]\nenabled = true\n${lines}\n`);
  const { problems, jails } = await dryRun(programs, dir.path);
  // One broken jail hides nothing of the others.
  expect(jails.map(({ name }) => name)).toContain('web');
  return problems;
}

test('gives what a server would have for each enabled jail', async () => {
  await using dir = await ConfigurationDir.make(
    '[web]\nenabled = true\nignoreip = 192.0.2.0/24 2001:db8::1 host.example\nbantime.increment = true\n[off]\nenabled = false\n',
  );
  const { version, problems, jails, tookMs } = await dryRun(programs, dir.path);

  expect(problems).toEqual([]);
  expect(version).toMatch(/^\d+\.\d+/);
  expect(tookMs).toBeGreaterThan(0);
  expect(jails).toHaveLength(1);
  expect(jails[0]).toMatchObject({
    name: 'web',
    filter: 'test',
    backend: 'polling',
    logPaths: [dir.log],
    journalMatches: [],
    prefRegex: '',
    actions: ['nothing'],
    ignoreSelf: true,
    parameters: {
      bantime: 3600,
      findtime: 600,
      maxretry: 3,
      usedns: 'no',
      'bantime.increment': true,
      logencoding: null,
    },
  });
  expect(jails[0]?.failRegexes).toHaveLength(2);
  expect(jails[0]?.failRegexes[0]).toContain('(?P<ip4>');
  expect(jails[0]?.ignoreRegexes).toHaveLength(1);
  expect(jails[0]?.ignoreList.toSorted()).toEqual(['192.0.2.0/24', '2001:db8::1', 'host.example']);
  expect(jails[0]?.parameters['datepattern']).toEqual([null, '^{EPOCH}']);
});

test('gives the commands of a reload in the order in which a server needs them', async () => {
  await using dir = await ConfigurationDir.make();
  const { stream } = await dryRun(programs, dir.path);
  const names = stream.map((command) => command.slice(0, 3).map(String).join(' '));
  expect(names).toContain(`set dbfile ${dir.path}/f2b.sqlite3`);
  expect(names.indexOf('add web polling')).toBeGreaterThan(0);
  expect(names.indexOf('multi-set web addfailregex')).toBeGreaterThan(names.indexOf('add web polling'));
  expect(stream.at(-1)).toEqual(['start', 'web']);
});

test('opens no socket, database or log file and runs no action', async () => {
  await using dir = await ConfigurationDir.make();
  await dir.write('action.d/nothing.conf', `[Definition]\nactionstart = touch ${dir.path}/touched\n`);
  await dryRun(programs, dir.path);

  expect((await readdir(dir.path)).toSorted()).toEqual([
    'action.d',
    'fail2ban.conf',
    'filter.d',
    'jail.conf',
    'jail.local',
    'sample.log',
  ]);
});

test('reads one jail only when asked to', async () => {
  await using dir = await ConfigurationDir.make('[web]\nenabled = true\n[ssh]\nenabled = true\nbantime = nonsense\n');
  const { jails, problems } = await dryRun(programs, dir.path, { jail: 'web' });
  expect(jails.map(({ name }) => name)).toEqual(['web']);
  expect(problems).toEqual([]);
});

test.each([
  ['a regular expression that does not compile', 'failregex = ^(open <HOST>', 'failregex'],
  ['an exception that does not compile', 'ignoreregex = ^(open <HOST>', 'ignoreregex'],
  ['a prefix that does not compile', 'prefregex = ^(open', 'prefregex'],
  ['a regular expression without an address', 'failregex = ^nobody$', 'failregex'],
  ['a time that is none', 'bantime = nonsense', 'bantime'],
  ['a find time that is none', 'findtime = 10 lightyears', 'findtime'],
  ['a date pattern that is none', 'datepattern = %%Q(', 'datepattern'],
  ['an unknown backend', 'backend = telepathy', 'backend'],
  ['a number that is none', 'maxretry = abc', 'maxretry'],
  ['a filter that does not exist', 'filter = missing', 'filter'],
  ['an action that does not exist', 'action = missing', 'action'],
  ['a log file that does not exist', 'logpath = /nonexistent/*.log', 'logpath'],
  ['a reference to nothing', 'bantime = %(nothing)s', 'bantime'],
  ['a mask that is none', 'ignoreip = 192.0.2.0/wide', 'ignoreip'],
  ['a word that would silently become another', 'usedns = maybe', 'usedns'],
  ['a broken number of a filter', 'filter = test[maxlines=abc]', 'maxlines'],
])('names jail and option of %s', async (_what, line, option) => {
  const problems = await problemsOf(line);
  expect(problems).not.toEqual([]);
  for (const problem of problems) expect(problem).toMatchObject({ jail: 'bad' });
  expect(problems[0]).toMatchObject({ jail: 'bad', option });
  expect(problems[0]?.message).not.toBe('');
});

test('tells of every broken jail at once', async () => {
  await using dir = await ConfigurationDir.make(
    '[a]\nenabled=true\nbantime=x y\n[b]\nenabled=true\nfilter=missing\n[c]\nenabled=true\nlogpath=/nonexistent\n[d]\nenabled=true\n',
  );
  const { problems } = await dryRun(programs, dir.path);
  expect(problems.map(({ jail, option }) => `${jail} ${option}`).toSorted()).toEqual([
    'a bantime',
    'b filter',
    'c logpath',
  ]);
});

test('names the jail of a section that is there twice', async () => {
  await using dir = await ConfigurationDir.make('[web]\nenabled = true\n[web]\nenabled = true\n');
  const { problems, jails, stream } = await dryRun(programs, dir.path);
  expect(problems).toMatchObject([{ jail: 'web', option: null }]);
  expect(problems[0]?.message).toContain('jail.local');
  expect(jails).toEqual([]);
  expect(stream).toEqual([]);
});

test('tells of a file that is not UTF-8, which fail2ban only logs', async () => {
  await using dir = await ConfigurationDir.make();
  await dir.write('jail.d/latin.local', Buffer.from('[web]\n# caf\xe9\nmaxretry = 9\n', 'latin1'));
  const { problems } = await dryRun(programs, dir.path);
  expect(problems).toHaveLength(1);
  expect(problems[0]).toMatchObject({ jail: null, option: null });
  expect(problems[0]?.message).toContain('jail.d/latin.local');
});

test.each([
  ['loglevel', 'LOUD'],
  ['dbpurgeage', 'nonsense'],
])('tells of a bad %s of the server itself', async (option, value) => {
  await using dir = await ConfigurationDir.make();
  await dir.write('fail2ban.local', `[Definition]\n${option} = ${value}\n`);
  const { problems } = await dryRun(programs, dir.path);
  expect(problems).toMatchObject([{ jail: null, option }]);
});

test('tells of a jail or a folder that does not exist', async () => {
  await using dir = await ConfigurationDir.make();
  expect((await dryRun(programs, dir.path, { jail: 'nobody' })).problems).toMatchObject([{ jail: 'nobody' }]);
  expect((await dryRun(programs, '/nonexistent')).problems).toMatchObject([{ jail: null }]);
});

test('is not confused by an action in Python that prints', async () => {
  await using dir = await ConfigurationDir.make('[web]\nenabled = true\naction = noisy.py[actname="noisy"]\n');
  await dir.write(
    'action.d/noisy.py',
    'import os\nfrom fail2ban.server.action import ActionBase\nprint("}{")\nos.write(1, b"}{")\nclass Action(ActionBase):\n  pass\n',
  );
  const { jails, problems } = await dryRun(programs, dir.path);
  expect(problems).toEqual([]);
  expect(jails[0]?.actions).toEqual(['noisy']);
});

test('keeps the name of a log file that is not UTF-8', async () => {
  await using dir = await ConfigurationDir.make();
  await writeFile(Buffer.concat([Buffer.from(`${dir.path}/`), Buffer.from('odd-\xe9.log', 'latin1')]), '');
  await dir.write('jail.local', `[web]\nenabled = true\nlogpath = ${dir.path}/odd-*.log\n`);
  const { jails, problems } = await dryRun(programs, dir.path);
  expect(problems).toEqual([]);
  expect(jails[0]?.logPaths).toEqual([`${dir.path}/odd-\udce9.log`]);
});

test('finds the alternatives of a journal match, or says what the journal needs', async () => {
  await using dir = await ConfigurationDir.make(
    '[web]\nenabled = true\nbackend = systemd\njournalmatch = _SYSTEMD_UNIT=a.service + _COMM=b _PID=1\n',
  );
  const { jails, problems } = await dryRun(programs, dir.path);
  // Whether the journal can be read depends on Debian's python3-systemd; both answers are right ones.
  if (problems.length > 0) {
    expect(problems).toMatchObject([{ jail: 'web', option: 'backend' }]);
    expect(problems[0]?.message).toContain('python3-systemd');
  } else {
    expect(jails[0]?.journalMatches).toEqual([['_SYSTEMD_UNIT=a.service'], ['_COMM=b', '_PID=1']]);
  }
});

test('reads a hundred jails within two seconds', async () => {
  const jails = Array.from({ length: 100 }, (_, index) => `[jail-${index}]\nenabled = true\n`);
  await using dir = await ConfigurationDir.make(jails.join(''));
  const read = () => dryRun(programs, dir.path, { timeoutMs: 2000 });
  // One of three has to keep to it: a program may not be run for a second on a busy machine.
  const outcome = await read().catch(read).catch(read);
  expect(outcome.jails).toHaveLength(100);
});

test("accepts Debian's own configuration with a log to read", async () => {
  const dir = await mkdtemp(join(tmpdir(), 'bangui-stock-'));
  try {
    await cp(stockConfigDir(), dir, { recursive: true });
    await writeFile(join(dir, 'auth.log'), '');
    await writeFile(join(dir, 'jail.local'), `[sshd]\nbackend = polling\nlogpath = ${dir}/auth.log\n`);
    const { jails, problems } = await dryRun(programs, dir);
    expect(problems).toEqual([]);
    expect(jails.map(({ name, filter }) => ({ name, filter }))).toEqual([{ name: 'sshd', filter: 'sshd' }]);
    expect(jails[0]?.prefRegex).not.toBe('');
  } finally {
    await rm(dir, { recursive: true });
  }
});

test('ends with its signal and with its time limit', async () => {
  await using dir = await ConfigurationDir.make();
  await expect(dryRun(programs, dir.path, { timeoutMs: 1 })).rejects.toMatchObject({ reason: 'timeout' });
  const reason = new Error('enough');
  await expect(dryRun(programs, dir.path, { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  const controller = new AbortController();
  const running = dryRun(programs, dir.path, { signal: controller.signal });
  controller.abort(reason);
  await expect(running).rejects.toBe(reason);
});

test('says which program cannot be run, and what it said when it failed', async () => {
  await using dir = await ConfigurationDir.make();
  await expect(dryRun({ client: '/nonexistent', python: '/nonexistent' }, dir.path)).rejects.toMatchObject({
    code: 'fail2ban-program-failed',
    reason: 'not-found',
  });
  await expect(dryRun({ client: '/bin/false', python: '/bin/false' }, dir.path)).rejects.toMatchObject({
    reason: 'failed',
  });
  await expect(dryRun({ client: '/bin/true', python: '/bin/echo' }, dir.path)).rejects.toMatchObject({
    reason: 'not-understood',
  });
});
