import { execFile } from 'node:child_process';
import { copyFile, rename, rm, truncate } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fail2banTools } from '@bangui/fail2ban/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { archived, told } from './archived.ts';
import { EventStream } from './event-stream.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { isWritten } from './fail2ban-rows.ts';
import { Stopwatch } from './stopwatch.ts';

let api: Fail2banApi;

const ban = (...addresses: string[]) => api.fail2ban.client('set', 'manual', 'banip', ...addresses);
const unban = (...addresses: string[]) => api.fail2ban.client('set', 'manual', 'unbanip', ...addresses);
const ofAddress = async (address: string) => (await archived(api)).filter((event) => event.address === address);
/** The events of an address when there are this many. */
const events = (address: string, count: number) =>
  eventually(async () => {
    const found = await ofAddress(address);
    expect(found.map(told)).toHaveLength(count);
    return found;
  });
/** The same when they are like these: what only the row of a ban tells may be there later than what its line tells. */
const eventsLike = (address: string, ...expected: readonly object[]) =>
  eventually(async () => {
    const found = await ofAddress(address);
    expect(found).toMatchObject(expected);
    return found;
  });
const causes = async (address: string, count: number) =>
  (await events(address, count)).map(({ action, cause }) => cause ?? action);
/** Bans, and lifts the ban as soon as fail2ban has written it down: archived or not. */
const banAndUnban = async (address: string) => {
  await ban(address);
  await eventually(() => expect(isWritten(api.fail2ban, 'manual', address)).toBe(true));
  await unban(address);
};
/** Runs SQL on fail2ban's own database, as fail2ban would. */
const onDatabase = (sql: string) => {
  const program = 'import sqlite3,sys\nd=sqlite3.connect(sys.argv[1])\nd.executescript(sys.argv[2])\nd.commit()';
  const path = join(api.fail2ban.dir, 'run', 'f2b.sqlite3');
  return promisify(execFile)(fail2banTools().python, ['-c', program, path, sql]);
};
/** Resolves when everything that has happened so far is in the archive: a ban made now is. */
let marks = 0;
const caughtUp = async () => {
  marks += 1;
  const address = `198.18.0.${marks}`;
  await ban(address);
  await events(address, 1);
};

describe('the archive of a fail2ban with log and database', () => {
  beforeAll(async () => {
    api = await startFail2banApi();
  });
  afterAll(() => api.stop());

  it('has a ban with its lines, failures, count and duration, at the time of the log', async () => {
    const before = Date.now();
    for (let count = 0; count < 3; count += 1) await api.fail2ban.log('web', 'FAIL from 192.0.2.10 user=<b>eve</b>');
    const [found] = await eventsLike('192.0.2.10', {
      jail: 'web',
      action: 'ban',
      duration: 600,
      banCount: 1,
      failures: 3,
      origin: 'selfblock',
      cause: null,
      actor: null,
      reason: null,
    });
    expect(found?.matches).toHaveLength(3);
    expect(found?.matches[0]).toContain('FAIL from 192.0.2.10 user=<b>eve</b>');
    const [, time] =
      /(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}) .*Ban 192\.0\.2\.10$/m.exec(api.fail2ban.serverLog()) ?? [];
    expect(found?.at).toBe(new Date((time ?? '').replace(' ', 'T').replace(',', '.')).getTime());
    expect(found?.failedAt).toBeGreaterThanOrEqual(Math.floor(before / 1000) * 1000);
    expect(found?.failedAt).toBeLessThanOrEqual((found?.at ?? 0) + 500);
  });

  it('is told to the browser within a second', async () => {
    const stream = await EventStream.open(api.admin);
    await stream.next('jails');
    let tookMs = Infinity;
    // On a busy machine one of them may be late, which is then fail2ban's row; not each of them.
    for (let last = 11; tookMs >= 1_000 && last < 16; last += 1) {
      const address = `192.0.2.${last}`;
      await ban(address);
      const watch = new Stopwatch();
      const event = await stream.next('ban', (data) => data['address'] === address);
      tookMs = watch.stop();
      const [stored] = await events(address, 1);
      const { id, at } = stored ?? {};
      expect(event.data).toMatchObject({ id, jail: 'manual', duration: -1, expiresAt: null, at });
    }
    expect(tookMs).toBeLessThan(1_000);
    stream.close();
  });

  it('has who unbanned through BanGUI, and what was lifted by hand', async () => {
    await ban('192.0.2.20', '192.0.2.21');
    // Of a ban that is lifted before its row was seen nobody knows how it ended.
    for (const address of ['192.0.2.20', '192.0.2.21']) await eventsLike(address, { banCount: 1 });
    await api.admin.post('/api/v1/bans/unban', { addresses: ['192.0.2.20'] });
    await unban('192.0.2.21');
    expect((await events('192.0.2.20', 2))[1]).toMatchObject({ action: 'unban', cause: 'bangui', actor: 'admin' });
    expect((await events('192.0.2.21', 2))[1]).toMatchObject({ action: 'unban', cause: 'manual', actor: null });
  });

  it('has who banned through BanGUI, and why', async () => {
    await api.admin.post('/api/v1/bans', { jail: 'manual', addresses: ['192.0.2.30'], reason: 'a <i>reason</i>' });
    await eventsLike('192.0.2.30', { actor: 'admin', reason: 'a <i>reason</i>', duration: -1 });
  });

  it('has the end of a ban whose time was over', async () => {
    await api.fail2ban.client('set', 'ssh', 'bantime', '1');
    await api.fail2ban.client('set', 'ssh', 'banip', '203.0.113.40');
    expect(await causes('203.0.113.40', 2)).toEqual(['ban', 'expired']);
  });

  it('counts the bans of an address that comes again, each longer than the one before', async () => {
    // Long enough that fail2ban, which looks at logs once a second and is late on a busy machine, does not find it over already.
    await api.fail2ban.client('set', 'ssh', 'bantime', '5');
    for (const count of [2, 3]) {
      for (let failure = 0; failure < 2; failure += 1) await api.fail2ban.log('ssh', 'FAIL from 203.0.113.41');
      await events('203.0.113.41', count);
    }
    await eventsLike(
      '203.0.113.41',
      { action: 'ban', banCount: 1, duration: 5 },
      { action: 'unban' },
      { action: 'ban', banCount: 2, duration: 10 },
    );
  });

  it('has no event of a restart, which lifts every ban and brings it back', async () => {
    await ban('192.0.2.50');
    await eventsLike('192.0.2.50', { banCount: 1 });
    await api.fail2ban.restart();
    await eventually(() => expect(api.fail2ban.serverLog()).toContain('Restore Ban 192.0.2.50'));
    await caughtUp();
    expect(await causes('192.0.2.50', 1)).toEqual(['ban']);
    await unban('192.0.2.50');
    expect(await causes('192.0.2.50', 2)).toEqual(['ban', 'manual']);
  });

  it('has each ban once although SQLite gives numbers of rows out again', async () => {
    for (let last = 60; last < 65; last += 1) await banAndUnban(`192.0.2.${last}`);
    await caughtUp();
    for (let last = 60; last < 65; last += 1) {
      // Of a ban that was lifted before its row was seen nobody knows how it ended.
      const [first, second] = await causes(`192.0.2.${last}`, 2);
      expect([first, ['manual', 'unknown'].includes(second ?? '')]).toEqual(['ban', true]);
    }
  });

  it('has bans and unbans of one address in one second', async () => {
    for (let round = 0; round < 3; round += 1) await banAndUnban('192.0.2.70');
    // Of a ban that was lifted before its row was seen nobody knows how it ended.
    const how = (await causes('192.0.2.70', 6)).map((cause) => (cause === 'unknown' ? 'manual' : cause));
    expect(how).toEqual(['ban', 'manual', 'ban', 'manual', 'ban', 'manual']);
  });

  it('keeps what fail2ban purges, and goes on', async () => {
    await ban('192.0.2.80');
    await events('192.0.2.80', 1);
    await onDatabase('DELETE FROM bans');
    await ban('192.0.2.81');
    await events('192.0.2.81', 1);
    expect(await causes('192.0.2.80', 1)).toEqual(['ban']);
  });

  it('reads the log through rotation, renamed or copied', async () => {
    const log = join(api.fail2ban.logDir, 'fail2ban.log');
    await ban('192.0.2.90');
    await rename(log, `${log}.1`);
    await ban('192.0.2.91');
    await api.fail2ban.client('flushlogs');
    await ban('192.0.2.92');
    await events('192.0.2.92', 1);
    await ban('192.0.2.93');
    await copyFile(log, `${log}.2`);
    await truncate(log);
    await ban('192.0.2.94');
    await caughtUp();
    const times = new Set<number>();
    for (let last = 90; last < 95; last += 1) {
      const [found] = await events(`192.0.2.${last}`, 1);
      // Only the log knows milliseconds.
      times.add((found?.at ?? 0) % 1000);
    }
    expect(times.size).toBeGreaterThan(1);
  });

  it('goes on with another database in place of the one it knew', async () => {
    await api.fail2ban.stop();
    await rm(join(api.fail2ban.dir, 'run', 'f2b.sqlite3'));
    await api.fail2ban.restart();
    await eventually(() => ban('192.0.2.100'));
    await eventsLike('192.0.2.100', { duration: -1, banCount: 1 });
    // What the old database had is not brought back, and so has ended.
    expect(await causes('192.0.2.11', 2)).toEqual(['ban', 'unknown']);
  });

  it('counts the failures that jails see', async () => {
    const trend = () =>
      api.admin.get<{ failures: { value: number } }>(
        `/api/v1/dashboard/summary?from=${Date.now() - 3_600_000}&to=${Date.now() + 60_000}`,
      );
    const before = (await trend()).body.failures.value;
    await api.fail2ban.log('web', 'FAIL from 203.0.113.99');
    await eventually(async () => expect((await trend()).body.failures.value).toBe(before + 1));
  });
});

describe('the archive of a fail2ban', () => {
  afterEach(() => api.stop());

  it('without a readable log has bans from the database, to the second, and ends from the lists', async () => {
    api = await startFail2banApi({}, { env: { BANGUI_FAIL2BAN_LOG: '/nowhere/fail2ban.log' } });
    await api.fail2ban.client('set', 'web', 'bantime', '2');
    await ban('192.0.2.1', '192.0.2.2');
    await api.fail2ban.client('set', 'web', 'banip', '192.0.2.3');
    await events('192.0.2.1', 1);
    await events('192.0.2.2', 1);
    await api.fail2ban.log('web', 'FAIL from 192.0.2.4');
    await unban('192.0.2.1');
    await api.admin.post('/api/v1/bans/unban', { addresses: ['192.0.2.2'] });
    expect(await causes('192.0.2.1', 2)).toEqual(['ban', 'manual']);
    expect(await causes('192.0.2.2', 2)).toEqual(['ban', 'bangui']);
    expect(await causes('192.0.2.3', 2)).toEqual(['ban', 'expired']);
    const [found] = await ofAddress('192.0.2.1');
    expect(found).toMatchObject({ duration: -1, banCount: 1, at: found?.failedAt });
    await ban('192.0.2.5');
    await events('192.0.2.5', 1);
    await api.fail2ban.restart();
    await caughtUp();
    expect(await causes('192.0.2.5', 1)).toEqual(['ban']);
  });

  it('without a database has bans from the log, and what lists know of them', async () => {
    const conf = (dir: string) => `[Definition]
loglevel = INFO
logtarget = ${dir}/log/fail2ban.log
syslogsocket = auto
socket = ${dir}/run/f2b.sock
pidfile = ${dir}/run/f2b.pid
allowipv6 = auto
dbfile = None
dbpurgeage = 1d
dbmaxmatches = 10
`;
    api = await startFail2banApi({ files: { 'fail2ban.conf': conf('@DIR@') } });
    await ban('192.0.2.1', '192.0.2.2');
    expect((await events('192.0.2.1', 1))[0]).toMatchObject({ duration: -1, matches: [], banCount: null });
    await unban('192.0.2.1');
    expect(await causes('192.0.2.1', 2)).toEqual(['ban', 'manual']);
    expect(await causes('192.0.2.2', 1)).toEqual(['ban']);
  });

  it('without database and log has bans and ends from the lists', async () => {
    api = await startFail2banApi(
      {},
      { env: { BANGUI_FAIL2BAN_LOG: '/nowhere/fail2ban.log', BANGUI_FAIL2BAN_DB: '/nowhere/fail2ban.sqlite3' } },
    );
    await ban('192.0.2.1', '192.0.2.2', '2001:db8::1', '10.0.0.0/24');
    for (const address of ['192.0.2.1', '192.0.2.2', '2001:db8::1', '10.0.0.0/24']) await events(address, 1);
    await unban('192.0.2.1');
    await api.admin.post('/api/v1/bans/unban', { addresses: ['192.0.2.2'] });
    expect(await causes('192.0.2.1', 2)).toEqual(['ban', 'manual']);
    expect(await causes('192.0.2.2', 2)).toEqual(['ban', 'bangui']);
    await api.fail2ban.client('set', 'manual', 'banip', '192.0.2.1');
    await events('192.0.2.1', 3);
    expect((await ofAddress('2001:db8::1'))[0]).toMatchObject({ duration: -1, matches: [] });
  });
});
