import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  BadArgument,
  Fail2banClient,
  Fail2banRefused,
  type SettableJailParameter,
  type SettableJailParameters,
  type StreamCommand,
} from './index.ts';
import { network, networks } from './testing/networks.ts';
import { PrivateFail2ban } from './testing/index.ts';
import { runPython } from './testing/python.ts';

let server: PrivateFail2ban;
let client: Fail2banClient;
beforeAll(async () => {
  server = await PrivateFail2ban.start({ logLevel: 'HEAVYDEBUG' });
  client = new Fail2banClient({ socketPath: server.socketPath });
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});
beforeEach(async () => {
  await client.unbanAll();
});

describe('reading the server', () => {
  it('answers ping, its version and its jails', async () => {
    await client.ping();
    expect(await client.version()).toBe(await server.client('version'));
    expect(await client.jailNames()).toEqual(['manual', 'ssh', 'web']);
  });

  it('tells the state of a jail, with and without the banned addresses', async () => {
    await client.ban('web', networks('198.51.100.7'));
    const full = await client.status('web');
    expect(full).toMatchObject({ jail: 'web', currentlyBanned: 1, logPaths: [join(server.logDir, 'web.log')] });
    expect(full.bannedAddresses).toEqual(['198.51.100.7']);
    expect((await client.status('web', 'short')).bannedAddresses).toBeUndefined();
  });

  it('counts for every jail, and leaves no error in the log of a server that has no command for it', async () => {
    await client.ban('manual', networks('198.51.100.1', '198.51.100.2'));
    const counters = await client.counters();
    expect([...counters.keys()]).toEqual(['manual', 'ssh', 'web']);
    expect(counters.get('manual')).toMatchObject({ currentlyBanned: 2, currentlyFailed: 0 });
    expect(server.received()).not.toContain("Command ['stats'] has failed");
  });

  it('sees a ban that a filter made from a log line', async () => {
    for (let line = 0; line < 3; line += 1) await server.log('web', 'FAIL from 203.0.113.77');
    await expect.poll(() => client.bansOf('web')).toEqual(['203.0.113.77']);
    expect((await client.status('web', 'short')).totalFailed).toBeGreaterThanOrEqual(3);
  });
});

describe('banning and unbanning', () => {
  it('counts new bans only, and knows IPv6 and networks', async () => {
    const wanted = networks('192.0.2.1', '2001:db8::1', '198.51.100.0/24', '2001:db8:1::/48');
    expect(await client.ban('manual', wanted)).toBe(4);
    expect(await client.ban('manual', networks('192.0.2.1', '192.0.2.2'))).toBe(1);
    expect((await client.bansOf('manual')).toSorted()).toEqual(
      ['192.0.2.1', '192.0.2.2', '198.51.100.0/24', '2001:db8:1::/48', '2001:db8::1'].toSorted(),
    );
    expect(await client.isBanned('manual', networks('192.0.2.1', '192.0.2.9', '198.51.100.0/24'))).toEqual([
      true,
      false,
      true,
    ]);
    expect(await client.isBanned('manual', networks('2001:db8::1'))).toEqual([true]);
    expect(await client.isBanned('manual', networks('192.0.2.9'))).toEqual([false]);
  });

  it('tells the bans of all jails at once', async () => {
    await client.ban('manual', networks('192.0.2.1'));
    await client.ban('web', networks('2001:db8::7'));
    const banned = await client.banned();
    expect(banned.get('manual')).toEqual(['192.0.2.1']);
    expect(banned.get('web')).toEqual(['2001:db8::7']);
    expect(banned.get('ssh')).toEqual([]);
  });

  it('tells when a ban began and when it ends', async () => {
    const before = Math.floor(Date.now() / 1000);
    await client.ban('web', networks('2001:db8::5', '192.0.2.0/24'));
    await client.ban('manual', networks('192.0.2.1'));
    const after = Math.ceil(Date.now() / 1000);
    const timed = await client.bansWithTimes('web');
    expect(timed.map(({ address }) => address).toSorted()).toEqual(['192.0.2.0/24', '2001:db8::5']);
    for (const { bannedAt, duration, expiresAt } of timed) {
      expect(bannedAt).toBeGreaterThanOrEqual(before);
      expect(bannedAt).toBeLessThanOrEqual(after);
      expect(duration).toBe(600);
      expect(expiresAt).toBe(bannedAt + 600);
    }
    expect(await client.bansWithTimes('manual')).toMatchObject([
      { address: '192.0.2.1', duration: -1, expiresAt: null },
    ]);
  });

  it('unbans in one jail, in all, by network, and a whole jail', async () => {
    await client.ban('manual', networks('192.0.2.1', '192.0.2.2', '198.51.100.1', '198.51.100.2'));
    await client.ban('web', networks('192.0.2.1', '203.0.113.9'));
    expect(await client.unban('manual', networks('192.0.2.2', '192.0.2.99'))).toBe(1);
    expect(await client.unban(undefined, networks('192.0.2.1'))).toBe(2);
    expect(await client.unban('manual', networks('198.51.100.0/24'))).toBe(2);
    await client.ban('manual', networks('192.0.2.1', '10.0.0.0/8', '2001:db8::/32'));
    expect(await client.unbanJail('manual')).toBe(3);
    expect(await client.bansOf('web')).toEqual(['203.0.113.9']);
    expect(await client.unbanAll()).toBe(1);
  });

  it('sends many addresses in batches and tells how far it is', async () => {
    const progress: string[] = [];
    const count = await client.ban(
      'manual',
      networks('192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4', '192.0.2.5'),
      {
        batchSize: 2,
        onProgress: (done, total) => progress.push(`${done}/${total}`),
      },
    );
    expect(count).toBe(5);
    expect(progress).toEqual(['2/5', '4/5', '5/5']);
    expect(server.received()).toContain("Command: ['set', 'manual', 'banip', '192.0.2.3', '192.0.2.4']");
  });
});

describe('jails', () => {
  const values: { [P in SettableJailParameter]: SettableJailParameters[P][] } = {
    bantime: [-1, 1, 99_999_999, 600],
    findtime: [60, 600],
    maxretry: [9, 3],
    maxmatches: [0, 7],
    maxlines: [3, 1],
    usedns: ['yes', 'warn', 'raw', 'no'],
    datepattern: ['%Y-%m-%d %H:%M:%S', '^{EPOCH}'],
    logtimezone: ['UTC+0200', 'UTC'],
    logencoding: ['utf-8'],
    ignoreself: [true, false],
    ignorecache: [{ key: '<ip>', maxCount: 100, maxTime: 300 }, null],
    prefregex: ['^(?P<content>.+)$', ''],
    'bantime.increment': [true, false],
    'bantime.factor': [2, 0.5],
    'bantime.multipliers': [[1, 2, 4, 8]],
    'bantime.maxtime': [3_024_000, null],
    'bantime.rndtime': [480, null],
    'bantime.overalljails': [true, false],
  };

  it.each(Object.entries(values))('get back what was set as %s', async (name, wanted) => {
    const parameter = name as SettableJailParameter; // a key of the table above
    for (const value of wanted) {
      await client.set('web', parameter, value);
      const actual = await client.get('web', parameter);
      expect(parameter === 'bantime.factor' ? Number(actual) : actual).toEqual(value);
    }
  });

  it('tell what may not be set', async () => {
    expect(await client.get('web', 'ignorecommand')).toBeNull();
    expect(await client.get('web', 'bantime.formula')).toBeNull();
    expect(await client.get('manual', 'datepattern')).toBe('Default Detectors');
  });

  it('have an ignore list that can be added to and removed from', async () => {
    await client.addIgnored('web', networks('198.51.100.0/24', '2001:db8::1'));
    expect((await client.ignoreList('web')).toSorted()).toEqual(['198.51.100.0/24', '2001:db8::1']);
    await client.removeIgnored('web', network('198.51.100.0/24'));
    expect(await client.ignoreList('web')).toEqual(['2001:db8::1']);
    await client.removeIgnored('web', network('2001:db8::1'));
    expect(await client.ignoreSelf('web')).toBe(false);
    await expect(client.removeIgnored('web', network('192.0.2.1'))).rejects.toMatchObject({
      exception: 'ValueError',
    });
  });

  it('have log paths that can be added and removed', async () => {
    const extra = join(server.logDir, 'extra.log');
    await writeFile(extra, '');
    await client.addLogPath('web', extra, { position: 'head' });
    expect(await client.logPaths('web')).toEqual([join(server.logDir, 'web.log'), extra]);
    await client.removeLogPath('web', extra);
    expect(await client.logPaths('web')).toEqual([join(server.logDir, 'web.log')]);
    await expect(client.addLogPath('web', '/nowhere/absent.log')).rejects.toBeInstanceOf(Fail2banRefused);
  });

  it('tell their actions, regexes and journal matches', async () => {
    expect(await client.actions('web')).toEqual(['echo-log']);
    expect(await client.actions('manual')).toEqual([]);
    expect(await client.actionProperty('web', 'echo-log', 'actionunban')).toContain('echo "unban');
    expect((await client.failRegexes('web'))[0]).toMatch(/FAIL from/);
    expect((await client.ignoreRegexes('web'))[0]).toMatch(/ignored/);
    await client.addJournalMatch('web', ['_SYSTEMD_UNIT=sshd.service', '+', '_COMM=sshd']);
    // A jail on files has none, whatever is added.
    expect(await client.journalMatches('web')).toEqual([]);
    await client.removeJournalMatch('web', ['_SYSTEMD_UNIT=sshd.service']);
  });

  it('can be made idle, stopped, and brought back with the configuration', async () => {
    await client.setIdle('web', true);
    await client.setIdle('web', false);
    const stream = await streamOf(server);
    await client.stopJail('web');
    expect(await client.jailNames()).toEqual(['manual', 'ssh']);
    await expect(client.startJail('web')).rejects.toMatchObject({ code: 'fail2ban-refused', isUnknownJail: true });
    await client.set('ssh', 'maxretry', 77);
    await client.ban('manual', networks('192.0.2.1'));
    await client.reload(stream);
    expect(await client.jailNames()).toEqual(['manual', 'ssh', 'web']);
    expect(await client.get('ssh', 'maxretry')).toBe(2);
    expect(await client.bansOf('manual')).toEqual(['192.0.2.1']);
    await client.reload(stream, { unban: true });
    expect(await client.bansOf('manual')).toEqual([]);
  });

  it('that were stopped can be loaded alone, while the others stay as they are', async () => {
    const ofWeb = (await streamOf(server)).filter(([, jail]) => jail === 'web');
    await client.set('ssh', 'maxretry', 77);
    await client.stopJail('web');
    await expect(client.reload(ofWeb, { jail: 'web' })).rejects.toMatchObject({ isUnknownJail: true });
    await client.reload(ofWeb, { jail: 'web', ifExists: true });
    expect(await client.jailNames()).toEqual(['manual', 'ssh', 'web']);
    expect(await client.actions('web')).toEqual(['echo-log']);
    expect(await client.get('ssh', 'maxretry')).toBe(77);
    await client.set('ssh', 'maxretry', 2);
  });
});

describe('server settings', () => {
  it('are read and set', async () => {
    expect(await client.serverSetting('dbfile')).toBe(join(server.dir, 'run', 'f2b.sqlite3'));
    expect(await client.serverSetting('logtarget')).toBe(join(server.logDir, 'fail2ban.log'));
    expect(await client.serverSetting('syslogsocket')).toBe('auto');
    await client.setServerSetting('dbpurgeage', 604_800);
    expect(await client.serverSetting('dbpurgeage')).toBe(604_800);
    await client.setServerSetting('dbmaxmatches', 20);
    expect(await client.serverSetting('dbmaxmatches')).toBe(20);
    await client.setServerSetting('loglevel', 'HEAVYDEBUG');
    expect(await client.serverSetting('loglevel')).toBe('HEAVYDEBUG');
    await client.flushLogs();
  });
});

describe('an argument that is not of its type', () => {
  /** What a caller without types may hand over. */
  const hostile = (value: unknown) => value as never;
  const evil = "__import__('os').getpid()";

  it.each<[string, string, () => Promise<unknown>]>([
    ['a jail with a semicolon', 'jail', () => client.status('a;b')],
    ['a jail that is an option', 'jail', () => client.stopJail('--all')],
    ['an empty jail', 'jail', () => client.bansOf('')],
    ['a jail with a line feed', 'jail', () => client.bansOf('web\n')],
    ['a jail named like a server setting', 'jail', () => client.set('logtarget', 'maxretry', 5)],
    ['a jail of 65 characters', 'jail', () => client.bansOf('a'.repeat(65))],
    ['a bantime that is code', 'bantime', () => client.set('web', 'bantime', hostile(evil))],
    ['a findtime that is code', 'findtime', () => client.set('web', 'findtime', hostile(evil))],
    ['a bantime of half a second', 'bantime', () => client.set('web', 'bantime', 0.5)],
    ['a bantime of nothing', 'bantime', () => client.set('web', 'bantime', 0)],
    ['a bantime below -1', 'bantime', () => client.set('web', 'bantime', -2)],
    ['a bantime that is no number', 'bantime', () => client.set('web', 'bantime', NaN)],
    ['a maxtime that is code', 'bantime.maxtime', () => client.set('web', 'bantime.maxtime', hostile(evil))],
    ['a rndtime that is code', 'bantime.rndtime', () => client.set('web', 'bantime.rndtime', hostile(evil))],
    ['a factor that is code', 'bantime.factor', () => client.set('web', 'bantime.factor', hostile(evil))],
    [
      'multipliers that are code',
      'bantime.multipliers',
      () => client.set('web', 'bantime.multipliers', hostile([evil])),
    ],
    ['a formula', 'parameter', () => client.set('web', hostile('bantime.formula'), hostile(evil))],
    ['a command', 'parameter', () => client.set('web', hostile('ignorecommand'), hostile(evil))],
    ['an action', 'parameter', () => client.set('web', hostile('action'), hostile(evil))],
    ['a parameter from the prototype', 'parameter', () => client.get('web', hostile('constructor'))],
    ['a purge age that is code', 'dbpurgeage', () => client.setServerSetting('dbpurgeage', hostile(evil))],
    [
      'a cache key that breaks out',
      'ignorecache',
      () => client.set('web', 'ignorecache', { key: `",x=${evil}`, maxCount: 1, maxTime: 1 }),
    ],
    [
      'a cache time that is code',
      'ignorecache',
      () => client.set('web', 'ignorecache', { key: '<ip>', maxCount: 1, maxTime: hostile(evil) }),
    ],
    ['an unknown word for usedns', 'usedns', () => client.set('web', 'usedns', hostile('maybe'))],
    ['a flag that is a text', 'ignoreself', () => client.set('web', 'ignoreself', hostile('true'))],
    ['an address that is a text', 'networks.0', () => client.ban('web', hostile(['$(echo HACK)']))],
    ['an address that only looks like one', 'networks.0', () => client.ban('web', hostile([{ toString: () => evil }]))],
    ['no address', 'networks', () => client.unban('web', [])],
    ['a batch of none', 'batchSize', () => client.ban('web', networks('192.0.2.1'), { batchSize: 0 })],
    ['a relative path', 'path', () => client.addLogPath('web', 'etc/passwd')],
    ['a path that leads upwards', 'path', () => client.addLogPath('web', '/var/log/../../etc/shadow')],
    ['a path with a line feed', 'path', () => client.addLogPath('web', '/var/log/a\nb')],
    ['a journal match that is none', 'journalMatch.0', () => client.addJournalMatch('web', ['--evil'])],
    ['a regex that is too long', 'prefregex', () => client.set('web', 'prefregex', 'a'.repeat(20_000))],
    ['a log target that is relative', 'logtarget', () => client.setServerSetting('logtarget', 'x.log')],
    ['a log level that is none', 'loglevel', () => client.setServerSetting('loglevel', hostile(evil))],
    ['the end mark', 'command', () => client.set('web', 'prefregex', 'a<F2B_END_COMMAND>b')],
    ['a limit that is no time', 'timeoutMs', () => client.ping({ timeoutMs: NaN })],
    ['an empty configuration', 'stream', () => client.reload([])],
    ['a configuration without a jail', 'stream', () => client.reload([['set', 'loglevel', 'INFO']])],
    [
      'a configuration with a reading error',
      'stream.1',
      () =>
        client.reload([
          ['start', 'web'],
          ['config-error', evil],
        ]),
    ],
    [
      'a configuration that stops',
      'stream.0',
      () =>
        client.reload([
          ['stop', '--all'],
          ['start', 'web'],
        ]),
    ],
    ['a configuration for a bad jail', 'jail', () => client.reload([['start', 'web']], { jail: 'a;b' })],
  ])('is refused and never sent: %s', async (_, field, call) => {
    const before = countOf(server.received(), 'Command: ');
    await expect(call()).rejects.toMatchObject({ code: 'bad-argument', field });
    await expect(call()).rejects.toBeInstanceOf(BadArgument);
    // Proves that the log shows what arrives: exactly one command since, and it is this one.
    await client.version();
    const received = server.received();
    expect(countOf(received, 'Command: ') - before).toBe(1);
    expect(received).not.toContain('__import__');
    expect(received).not.toContain('a;b');
    expect(received).not.toContain('HACK');
  });

  it('is refused when the client is made', () => {
    expect(() => new Fail2banClient({ socketPath: 'run/f2b.sock' })).toThrow(BadArgument);
    expect(() => new Fail2banClient({ socketPath: `/${'a'.repeat(110)}` })).toThrow(/107 bytes/);
  });
});

describe('a refusal of fail2ban', () => {
  it('has the name and the text of the exception', async () => {
    await expect(client.status('nosuch')).rejects.toMatchObject({
      code: 'fail2ban-refused',
      exception: 'UnknownJailException',
      detail: 'nosuch',
      isUnknownJail: true,
    });
    await expect(client.set('web', 'prefregex', '(')).rejects.toBeInstanceOf(Fail2banRefused);
  });

  it('is bounded and on one line, whatever it holds', async () => {
    const regex = `(${'\t\u202e"<b>\n'.repeat(400)}`;
    const error: unknown = await client.set('web', 'prefregex', regex).catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Fail2banRefused);
    if (!(error instanceof Fail2banRefused)) return;
    expect(error.detail.length).toBeLessThanOrEqual(501);
    expect(error.message).not.toMatch(/[\n\t\u202e]/);
  });
});

/** The configuration as fail2ban's own reader sends it. */
async function streamOf(of: PrivateFail2ban): Promise<StreamCommand[]> {
  // `-d` prints one Python list a line, which for this small configuration is JSON but for its quotes.
  const program = `
import ast, json, sys
json.dump([ast.literal_eval(line) for line in json.load(sys.stdin).splitlines()], sys.stdout)`;
  return runPython(program, await of.client('-d')) as StreamCommand[]; // lists of texts and lists
}

function countOf(text: string, part: string): number {
  return text.split(part).length - 1;
}

it('leaves the log of actions to prove that bans were carried out', async () => {
  await client.ban('web', networks('198.51.100.44'));
  await expect.poll(() => readFile(join(server.logDir, 'actions.log'), 'utf8')).toContain('ban web 198.51.100.44 600');
});

describe('what is told of commands', () => {
  it('is their name and jail, never an address, a value or a path', async () => {
    const seen: [string, string | undefined, string][] = [];
    const watched = new Fail2banClient({
      socketPath: server.socketPath,
      around: async ({ name, jail }, send) => {
        const outcome = await send().then(
          (value) => ({ value }),
          (error: unknown) => ({ error }),
        );
        seen.push([name, jail, 'error' in outcome ? 'failed' : 'ok']);
        if ('error' in outcome) throw outcome.error;
        return outcome.value;
      },
    });
    await watched.ban('manual', networks('192.0.2.77'));
    await watched.unban(undefined, networks('192.0.2.77'));
    await watched.setServerSetting('loglevel', 'DEBUG');
    await watched.serverSetting('loglevel');
    await watched.status('web', 'short');
    await watched.get('web', 'bantime');
    await watched.jailNames();
    await expect(watched.status('nowhere')).rejects.toThrow(Fail2banRefused);
    await watched.close();
    expect(seen).toEqual([
      ['set banip', 'manual', 'ok'],
      ['unban', undefined, 'ok'],
      ['set loglevel', undefined, 'ok'],
      ['get loglevel', undefined, 'ok'],
      ['status', 'web', 'ok'],
      ['get bantime', 'web', 'ok'],
      ['status', undefined, 'ok'],
      ['status', 'nowhere', 'failed'],
    ]);
  });
});
