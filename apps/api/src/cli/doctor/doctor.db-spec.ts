import { createHash } from 'node:crypto';
import { appendFile, chmod, cp, mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fail2banTools, PrivateFail2ban, ScriptedServer, success } from '@bangui/fail2ban/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, emptyDatabase, type EmptyDatabase } from '../../../test/test-database.ts';
import { entities } from '../../app.module.ts';
import { openDatabase } from '../../core/database/open-database.ts';
import { type Ran, runCompiled, runHere } from '../testing/command.ts';
import { type Finding } from './finding.ts';

const tools = fail2banTools();
/** How long a busy machine may need until the doctor comes to an end in time, in milliseconds. */
const busyLimitMs = 60_000;
/** A program that never answers. */
const hanging = '#!/bin/sh\nexec sleep 60\n';
let fail2ban: PrivateFail2ban;
let dir: string;
let databasePath: string;
let env: Record<string, string>;

interface Report {
  readonly problems: number;
  readonly warnings: number;
  readonly findings: readonly Finding[];
}

/** Runs the doctor with a changed environment, and its findings of one check. */
async function findings(check: string, changed: Record<string, string> = {}): Promise<readonly Finding[]> {
  return of(check, await runHere(['doctor', '--json'], { ...env, ...changed }));
}

/**
 * The same, asked until they are as expected: what the doctor asks, and the programs that it runs, have 2.5 s to answer, which
 * on a busy machine may be too short for them.
 */
function soon(check: string, changed: Record<string, string> = {}): ReturnType<typeof expect.poll<readonly Finding[]>> {
  return expect.poll(() => findings(check, changed), { timeout: busyLimitMs });
}

function of(check: string, { status, out }: Ran): readonly Finding[] {
  const report = JSON.parse(out) as Report;
  expect(status).toBe(report.problems > 0 ? 1 : 0);
  return report.findings.filter((finding) => finding.check === check);
}

/** One finding of that state, with what is so and what to do. */
const one = (state: Finding['state'], found: RegExp, remedy?: RegExp): unknown => [
  expect.objectContaining({
    state,
    found: expect.stringMatching(found) as unknown,
    ...(remedy && { remedy: expect.stringMatching(remedy) as unknown }),
  }),
];

beforeAll(async () => {
  fail2ban = await PrivateFail2ban.start({ logLevel: 'HEAVYDEBUG' });
});
afterAll(() => fail2ban[Symbol.asyncDispose]());
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-doctor-'));
  databasePath = join(dir, 'bangui.sqlite3');
  await (await openDatabase({ databasePath }, entities)).close();
  env = {
    BANGUI_DATABASE_PATH: databasePath,
    BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
    BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
    BANGUI_FAIL2BAN_CLIENT: tools.client,
    BANGUI_FAIL2BAN_PYTHON: tools.python,
    PATH: '/usr/bin:/bin',
  };
});
afterEach(() => rm(dir, { recursive: true, force: true }));

describe('bangui doctor', () => {
  it('finds no problem where there is none, asks fail2ban only, and changes nothing', async () => {
    const digest = async (): Promise<string> =>
      createHash('sha256')
        .update(await readFile(databasePath))
        .digest('hex');
    const before = await digest();
    const from = fail2ban.received().length;
    const checks = ['socket', 'database', 'clock', 'log', 'fail2ban-database', 'configuration', 'programs', 'reload'];
    const look = async (): Promise<unknown> => {
      const ran = await runHere(['doctor', '--json'], env);
      return { status: ran.status, told: ran.told, found: checks.map((check) => of(check, ran)) };
    };
    // The programs have 2.5 s.
    await expect.poll(look, { timeout: busyLimitMs }).toEqual({
      ...{ status: 0, told: '' },
      found: checks.map((check) => [expect.objectContaining({ check, state: 'ok' }) as unknown]),
    });
    expect(await digest()).toBe(before);
    const commands = [
      ...fail2ban
        .received()
        .slice(from)
        .matchAll(/Command: \[(.*)\]/g),
    ].map(([, words]) => words);
    expect(commands.length).toBeGreaterThan(3);
    for (const words of commands) expect(words).toMatch(/^'(ping|version|get)'/);
  }, 120_000);

  it('tells people line by line, with what to do', async () => {
    const ran = await runHere(['doctor'], { ...env, BANGUI_FAIL2BAN_SOCKET: join(dir, 'none.sock') });
    expect(ran.status).toBe(1);
    expect(ran.out).toMatch(/^problem {2}socket +There is no socket .*: ENOENT\.\n +→ Start fail2ban/m);
    expect(ran.out).toMatch(/^ok {7}database /m);
    expect(ran.told).toMatch(/Nothing was changed/);
  });

  it.each([
    [() => join(dir, 'none.sock'), /no socket .*ENOENT/],
    [() => join(dir, 'none', 'f2b.sock'), /folder .*ENOENT/],
    [() => databasePath, /is no socket/],
  ])('says what is wrong with a socket that is none: %#', async (path, found) => {
    expect(await findings('socket', { BANGUI_FAIL2BAN_SOCKET: path() })).toEqual(
      one('problem', found, /BANGUI_FAIL2BAN_SOCKET/),
    );
  });

  it('says that nobody answers when fail2ban was killed, and when it hangs, each in bounded time', async () => {
    await using other = await PrivateFail2ban.start();
    const changed = { BANGUI_FAIL2BAN_SOCKET: other.socketPath };
    other.suspend();
    const startedAt = performance.now();
    expect(await findings('socket', changed)).toEqual(one('problem', /nobody answers/, /restart/));
    // Nine checks of at most 3 s.
    expect(performance.now() - startedAt).toBeLessThan(27_000);
    other.resume();
    await other.kill();
    expect(await findings('socket', changed)).toEqual(one('problem', /nobody answers/, /restart/));
    expect(await findings('log', changed)).toEqual(one('problem', /did not answer/, /socket/));
  }, 60_000);

  it('cuts what a hostile socket answers', async () => {
    const text = `1.0\u001b[2J\n\u202e${'x'.repeat(20_000)}`;
    await using server = await ScriptedServer.start((request) =>
      success(JSON.stringify(request).includes('ping') ? 'pong' : text),
    );
    const ran = await runHere(['doctor', '--json'], { ...env, BANGUI_FAIL2BAN_SOCKET: server.socketPath });
    const report = JSON.parse(ran.out) as Report;
    for (const { found, remedy = '' } of report.findings) {
      expect(found.length).toBeLessThanOrEqual(301);
      expect(found + remedy).not.toMatch(/[\p{Cc}\p{Cf}]/u);
    }
    await soon('programs', { BANGUI_FAIL2BAN_SOCKET: server.socketPath }).toEqual(one('warning', /server is 1\.0/));
  }, 120_000);

  it.each<[string, () => Promise<unknown>, Finding['state'], RegExp]>([
    ['none', () => rm(databasePath), 'warning', /no database/],
    ['no database', () => writeFile(databasePath, 'x'.repeat(8_192)), 'problem', /not a database/],
    ['a damaged one', () => scribble(databasePath), 'problem', /damaged|malformed/],
  ])('looks at the file of the database: %s', async (_name, harm, state, found) => {
    await harm();
    expect(await findings('database')).toEqual(one(state, found, /./));
  });

  it('says which rights are missing', async () => {
    await chmod(fail2ban.dir, 0o755);
    await chmod(dir, 0o755);
    const run = join(fail2ban.dir, 'run');
    const log = join(fail2ban.logDir, 'fail2ban.log');
    const asNobody = (changed = {}): Promise<Ran> =>
      runCompiled(['doctor', '--json'], { ...env, ...changed }, { isNobody: true });
    const modes = new Map([[fail2ban.configDir, 0o755]]);
    for (const folder of ['jail.d', 'filter.d', 'action.d', 'fail2ban.d'])
      modes.set(join(fail2ban.configDir, folder), 0o555);
    for (const [path, mode] of [...modes, [databasePath, 0o400], [log, 0o000], [run, 0o000]] as const)
      await chmod(path, mode);
    try {
      const closed = await asNobody({ BANGUI_FAIL2BAN_LOG: log });
      expect(of('socket', closed)).toEqual(one('problem', /folder .*mode 0000.*may not be entered/, /chgrp/));
      expect(of('log', closed)).toEqual(one('problem', /cannot be read: EACCES/, /group/));
      expect(of('database', closed)).toEqual(one('problem', /EACCES/, /BanGUI's user/));
      expect(of('configuration', closed).map(({ state }) => state)).toEqual([
        'ok',
        ...Array<string>(4).fill('warning'),
      ]);
      await chmod(run, 0o755);
      await chmod(fail2ban.socketPath, 0o000);
      expect(of('socket', await asNobody())).toEqual(one('problem', /mode 0000.*may not be read/, /chmod 0660/));
      await chmod(fail2ban.configDir, 0o000);
      expect(of('configuration', await asNobody())).toEqual(one('problem', /cannot be read/, /./));
    } finally {
      await chmod(fail2ban.configDir, 0o755);
      for (const folder of ['jail.d', 'filter.d', 'action.d', 'fail2ban.d'])
        await chmod(join(fail2ban.configDir, folder), 0o755);
      await chmod(log, 0o600);
      await chmod(run, 0o755);
      await chmod(fail2ban.socketPath, 0o700);
    }
  }, 60_000);

  it('compares the zone of the two clocks by the log', async () => {
    const ran = await runCompiled(['doctor', '--json'], { ...env, TZ: 'Asia/Kolkata' });
    expect(of('clock', ran)).toEqual(one('warning', /fail2ban's clock is at UTC\+00:00, ours at UTC\+05:30/, /TZ=UTC/));
    const log = join(dir, 'empty.log');
    await appendFile(log, 'no time\n');
    expect(await findings('clock', { BANGUI_FAIL2BAN_LOG: log })).toEqual(one('warning', /cannot be measured/, /TZ/));
  }, 60_000);

  it('says when fail2ban logs too little or not into a file', async () => {
    await using other = await PrivateFail2ban.start();
    const changed = { BANGUI_FAIL2BAN_SOCKET: other.socketPath };
    await other.client('set', 'loglevel', 'ERROR');
    expect(await findings('log', changed)).toEqual(one('warning', /level ERROR/, /loglevel/));
    await other.client('set', 'logtarget', 'STDOUT');
    expect(await findings('log', changed)).toEqual(one('warning', /STDOUT/, /logtarget/));
  });

  it('says when fail2ban keeps no database', async () => {
    const text = await readFile(join(fail2ban.configDir, 'fail2ban.conf'), 'utf8');
    const files = { 'fail2ban.conf': text.replaceAll(fail2ban.dir, '@DIR@').replace(/^dbfile .*$/m, 'dbfile = None') };
    await using other = await PrivateFail2ban.start({ files });
    expect(await findings('fail2ban-database', { BANGUI_FAIL2BAN_SOCKET: other.socketPath })).toEqual(
      one('warning', /no database/, /dbfile/),
    );
  });

  it('runs the programs and compares their versions', async () => {
    await soon('programs', { BANGUI_FAIL2BAN_CLIENT: join(dir, 'none') }).toEqual(
      one('problem', /none does not work/, /BANGUI_FAIL2BAN_CLIENT/),
    );
    await soon('programs', { BANGUI_FAIL2BAN_PYTHON: '/bin/false' }).toEqual(
      one('problem', /cannot import fail2ban/, /BANGUI_FAIL2BAN_PYTHON/),
    );
    const old = join(dir, 'old-client');
    await writeFile(old, '#!/bin/sh\necho 0.9.1\n', { mode: 0o755 });
    await soon('programs', { BANGUI_FAIL2BAN_CLIENT: old }).toEqual(one('warning', /0\.9\.1/, /same/));
    const slow = join(dir, 'slow-client');
    await writeFile(slow, hanging, { mode: 0o755 });
    await soon('programs', { BANGUI_FAIL2BAN_CLIENT: slow }).toEqual(one('problem', /does not work/));
  }, 120_000);

  it('says which fault would keep fail2ban from loading its configuration', async () => {
    const config = join(dir, 'config');
    await cp(fail2ban.configDir, config, { recursive: true });
    const changed = { BANGUI_FAIL2BAN_CONFIG_DIR: config };
    await soon('reload', changed).toEqual(one('ok', /[1-9]\d* jails\.$/));
    const broken = (name: string): string => `[${name}]\nenabled = true\nfilter = none-such\nlogpath = /dev/null\n`;
    await writeFile(join(config, 'jail.d/zz-broken.local'), broken('bad-one'));
    await soon('reload', changed).toEqual(one('problem', /bad-one.*none-such/, /Mend it/));
    await writeFile(join(config, 'jail.d/zz-broken.local'), ['a', 'b', 'c', 'd', 'e'].map(broken).join(''));
    const fault = expect.objectContaining({ state: 'problem' }) as unknown;
    await soon('reload', changed).toEqual([fault, fault, fault, ...(one('problem', /\d more faults/) as unknown[])]);
    await soon('reload', { BANGUI_FAIL2BAN_PYTHON: '/bin/false' }).toEqual(one('warning', /not found out/, /programs/));
    const slow = join(dir, 'slow-python');
    await writeFile(slow, hanging, { mode: 0o755 });
    await soon('reload', { BANGUI_FAIL2BAN_PYTHON: slow }).toEqual(one('warning', /2\.5 s/));
  }, 120_000);

  it('sees a disk that is almost full and programs of the firewall that are missing', async () => {
    const small = join(dir, 'small');
    await mkdir(small);
    const mounts = `mount -t tmpfs -o size=20m tmpfs ${small} && mount -t tmpfs tmpfs /usr/sbin && exec "$@"`;
    const ran = await runCompiled(
      ['doctor', '--json'],
      { ...env, BANGUI_DATABASE_PATH: join(small, 'bangui.sqlite3'), PATH: '/usr/bin' },
      { before: ['unshare', '-rm', 'sh', '-c', mounts, 'sh'] },
    );
    expect(of('disk', ran)[0]).toMatchObject({ state: 'problem', found: expect.stringMatching(/small/) as unknown });
    expect(of('firewall', ran).map(({ state }) => state)).toEqual(['warning', 'warning']);
    const bin = join(dir, 'bin');
    await mkdir(bin);
    for (const name of ['nft', 'iptables', 'ipset'])
      await writeFile(join(bin, name), '#!/bin/false\n', { mode: 0o755 });
    expect(await findings('firewall', { PATH: bin })).toEqual(one('ok', /nft, iptables, ipset/));
  }, 60_000);
});

describe.each(databaseKinds)('bangui doctor and the schema on %s', (kind) => {
  let place: EmptyDatabase;
  const changed = (): Record<string, string> => ({
    BANGUI_DATABASE_PATH: place.databasePath,
    ...(place.databaseUrl !== undefined && {
      BANGUI_DATABASE_URL: place.databaseUrl,
      BANGUI_SECRET_KEY: 'a key of tests that is long enough',
    }),
  });
  const execute = async (statement: string): Promise<void> => {
    const database = await openDatabase(place, []);
    await database.write((manager) => manager.query(statement));
    await database.close();
  };

  beforeEach(async () => {
    place = await emptyDatabase(kind);
    await (await openDatabase(place, entities)).close();
  });
  afterEach(() => place.remove());

  it('knows its own and an older one', async () => {
    expect(await findings('database', changed())).toEqual(one('ok', /schema is that of this version/));
    await execute('DELETE FROM migration WHERE id = (SELECT max(id) FROM migration)');
    expect(await findings('database', changed())).toEqual(one('warning', /lacks 1 of/, /backup/));
  });

  it('says when it is a newer one', async () => {
    await execute(`INSERT INTO migration (timestamp, name) VALUES (2099, 'Later2099')`);
    expect(await findings('database', changed())).toEqual(one('problem', /newer BanGUI \(Later2099\)/, /version/));
  });
});

describe('bangui doctor and PostgreSQL', () => {
  it('says that nobody is there, without the password', async () => {
    const ran = await runHere(['doctor', '--json'], {
      ...env,
      BANGUI_DATABASE_URL: 'postgres://bangui:hunter2@127.0.0.1:1/bangui',
      BANGUI_SECRET_KEY: 'a key of tests that is long enough',
    });
    expect(of('database', ran)).toEqual(one('problem', /cannot be opened.*ECONNREFUSED/, /BANGUI_DATABASE_URL/));
    expect(ran.out).not.toContain('hunter2');
  });
});

/** Overwrites the middle of the file, where tables are. */
async function scribble(path: string): Promise<void> {
  const { size } = await stat(path);
  const file = await open(path, 'r+');
  await file.write(Buffer.alloc(Math.floor(size / 2), 0xa5), 0, Math.floor(size / 2), Math.floor(size / 4));
  await file.close();
}
