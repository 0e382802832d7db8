import { expect, test } from 'vitest';
import { dryRun } from './dry-run.ts';
import { readConfiguration } from './read-configuration.ts';
import { ConfigurationDir } from './testing/configuration-dir.ts';
import { testPrograms } from './testing/programs.ts';

test('tells of each value where it stands and which ones it won over', async () => {
  await using dir = await ConfigurationDir.make('[DEFAULT]\nmaxretry = 4\n\n[web]\nenabled = true\nmaxretry = 5\n');
  await dir.write('jail.d/a.conf', '# stock\n[web]\nmaxretry = 6\n');
  await dir.write('jail.d/mine.local', '[web]\nmaxretry = 7\n');
  await dir.write('jail.d/zz-bangui-web.local', '[web]\nport = a,\n  # note\n  b\nmaxretry : 8 ; eight\n');
  const { jails } = await readConfiguration(dir.path);
  const [web] = jails;

  expect(web?.options.get('maxretry')).toEqual({
    name: 'maxretry',
    raw: '8',
    value: '8',
    problem: null,
    origin: { file: 'jail.d/zz-bangui-web.local', line: 5, lastLine: 5, layer: 'ours', section: 'web' },
    overridden: [
      { raw: '7', origin: { file: 'jail.d/mine.local', line: 2, lastLine: 2, layer: 'local-d', section: 'web' } },
      { raw: '5', origin: { file: 'jail.local', line: 6, lastLine: 6, layer: 'local', section: 'web' } },
      { raw: '6', origin: { file: 'jail.d/a.conf', line: 3, lastLine: 3, layer: 'stock-d', section: 'web' } },
      { raw: '4', origin: { file: 'jail.local', line: 2, lastLine: 2, layer: 'local', section: 'DEFAULT' } },
      { raw: '3', origin: { file: 'jail.conf', line: 7, lastLine: 7, layer: 'stock', section: 'DEFAULT' } },
    ],
  });
  expect(web?.option('port')).toMatchObject({ value: 'a,\nb', origin: { line: 2, lastLine: 4 } });
  expect(web?.option('fail2ban_confpath')).toMatchObject({ value: dir.path, origin: null });
  expect(web?.definedIn.map(({ file, line }) => [file, line])).toEqual([
    ['jail.d/a.conf', 2],
    ['jail.local', 4],
    ['jail.d/mine.local', 1],
    ['jail.d/zz-bangui-web.local', 1],
  ]);
});

test('gives filter and actions with parameters, and what they come to', async () => {
  await using dir = await ConfigurationDir.make(
    '[web]\nenabled = true\nport = http\nfilter = mine[mode=strict]\naction = tell[port="%(port)s", to=\'a, b\']\n  tell[actname=second]\n',
  );
  await dir.write(
    'filter.d/mine.conf',
    '[Definition]\nfailregex = <re_<mode>>\nre_strict = ^no <HOST>$\n[Init]\nmode = lax\n',
  );
  await dir.write('action.d/tell.conf', '[Definition]\nactionban = tell <to> <port> <ip> <name>\n[Init]\nto = root\n');
  const [web] = (await readConfiguration(dir.path)).jails;

  expect(web?.filter).toMatchObject({ name: 'mine', exists: true, problem: null });
  expect([...(web?.filter?.parameters ?? [])]).toEqual([['mode', 'strict']]);
  expect(web?.filter?.effective.get('failregex')).toBe('^no <HOST>$');
  expect(
    web?.actions.map(({ name, effective }) => [name, effective.get('actname'), effective.get('actionban')]),
  ).toEqual([
    ['tell', 'tell', 'tell a, b http <ip> web'],
    ['tell', 'second', 'tell root <port> <ip> web'],
  ]);
  expect(web?.problems).toEqual([]);
});

test('tells what is wrong with an option, and reads the others', async () => {
  await using dir = await ConfigurationDir.make(
    '[web]\nenabled = true\nbantime = %(nothing)s\nfindtime = 5%\nmaxretry = abc\nfilter = missing\naction = nothing missing\n[ok]\nlogpath = x\n',
  );
  const { jails, problems } = await readConfiguration(dir.path);
  expect(problems).toEqual([]);
  expect(jails[0]?.problems.map(({ option, origin }) => [option, origin?.file, origin?.line])).toEqual([
    ['maxretry', 'jail.local', 5],
    ['findtime', 'jail.local', 4],
    ['bantime', 'jail.local', 3],
    ['filter', 'jail.local', 6],
    ['action', 'jail.local', 7],
  ]);
  expect(jails[0]?.option('bantime')).toMatchObject({ value: null, problem: '"%(nothing)s" refers to nothing.' });
  expect(jails[1]).toMatchObject({ name: 'ok', isEnabled: false, problems: [] });
});

test('equals the dry run on what is sent to a server', async () => {
  await using dir = await ConfigurationDir.make(
    '[web]\nenabled = true\nbantime = 2h\nfindtime = %(bantime)s\n[DEFAULT]\nmaxretry = 9\n',
  );
  await dir.write('filter.d/test.local', '[Definition]\nfailregex = %(known/failregex)s\n   ^more <ADDR>\n');
  const { stream, problems } = await dryRun(testPrograms(), dir.path);
  expect(problems).toEqual([]);
  const [web] = (await readConfiguration(dir.path)).jails;

  const sent = (name: string) => stream.find((command) => command[1] === 'web' && command[2] === name)?.[3];
  for (const name of ['bantime', 'findtime']) expect(web?.option(name)?.value).toBe(sent(name));
  expect(String(sent('maxretry'))).toBe(web?.option('maxretry')?.value);
  expect(sent('addfailregex')).toEqual(web?.filter?.effective.get('failregex')?.split('\n'));
  expect(sent('datepattern')).toBe(web?.filter?.effective.get('datepattern'));
});

test('ends quickly and with a problem where references or tags multiply', async () => {
  const tenfold = (to: string) => Array.from({ length: 10 }, () => to).join('');
  const chain = Array.from({ length: 9 }, (_, index) => `v${index} = ${tenfold(`%(v${index + 1})s`)}\n`).join('');
  await using dir = await ConfigurationDir.make(`[web]\nfilter = bomb\nbantime = %(v1)s\n${chain}v9 = x\n`);
  const tags = Array.from({ length: 30 }, (_, index) => `t${index} = <t${index + 1}><t${index + 1}>\n`).join('');
  await dir.write('filter.d/bomb.conf', `[Definition]\nfailregex = <t0>\n[Init]\n${tags}t30 = xxxxxxxxxx\n`);
  const startedAt = process.cpuUsage();
  const [web] = (await readConfiguration(dir.path)).jails;
  expect(web?.option('bantime')?.problem).toMatch(/too many references|too long/);
  expect(web?.filter?.problem).toContain('too many tags');
  const { user, system } = process.cpuUsage(startedAt);
  expect((user + system) / 1_000).toBeLessThan(2_000);
});

test('takes parameters apart in time that does not explode', async () => {
  await using dir = await ConfigurationDir.make(
    `[web]\naction = nothing[${'a='.repeat(4_000)}\n[other]\naction = nothing[${'a="b" '.repeat(1_000)}\n[third]\naction = ${'x'.repeat(17 * 1024)}\n`,
  );
  const startedAt = process.cpuUsage();
  const { jails } = await readConfiguration(dir.path);
  for (const jail of jails) expect(jail.actions[0]?.problem).not.toBeNull();
  const { user, system } = process.cpuUsage(startedAt);
  expect((user + system) / 1_000).toBeLessThan(2_000);
});

test('reads includes that include each other once, and says so', async () => {
  await using dir = await ConfigurationDir.make();
  await dir.write('filter.d/test.conf', '[INCLUDES]\nbefore = other.conf\n[Definition]\nfailregex = a\n');
  await dir.write('filter.d/other.conf', '[INCLUDES]\nbefore = test.conf\n[Definition]\nfailregex = b\n');
  const { filters, problems } = await readConfiguration(dir.path);
  expect(filters.find(({ name }) => name === 'test')?.files).toEqual(['filter.d/other.conf', 'filter.d/test.conf']);
  expect(problems).toMatchObject([
    { file: 'filter.d/test.conf', message: expect.stringContaining('is included by it') as string },
    { file: 'filter.d/other.conf' },
  ]);
});

test('stops where includes multiply', async () => {
  await using dir = await ConfigurationDir.make();
  for (let index = 0; index < 40; index++) {
    const next = `n${index + 1}.conf`;
    await dir.write(`filter.d/n${index}.conf`, `[INCLUDES]\nbefore = ${next}\nafter = ${next}\n[Definition]\nx = 1\n`);
  }
  const { filters, problems } = await readConfiguration(dir.path);
  for (const { files } of filters) expect(files.length).toBeLessThanOrEqual(1_100);
  expect(problems[0]?.message).toContain('too many files include each other');
});
