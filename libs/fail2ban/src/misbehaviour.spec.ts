import { afterEach, describe, expect, it, vi } from 'vitest';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AnswerNotUnderstood, Fail2banClient, type Fail2banClientOptions } from './index.ts';
import { networks } from './testing/networks.ts';
import { ScriptedServer, success, type Reaction } from './testing/scripted-server.ts';

/** How a condition is waited for that is near. */
const soon = { timeout: 15_000, interval: 1 };

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function start(
  react: (request: unknown) => Reaction,
  options?: Partial<Fail2banClientOptions>,
): Promise<[ScriptedServer, Fail2banClient]> {
  const server = await ScriptedServer.start(react);
  const client = new Fail2banClient({ socketPath: server.socketPath, ...options });
  cleanUps.push(
    () => server[Symbol.asyncDispose](),
    () => client.close(),
  );
  return [server, client];
}

function recorded(name: string): Buffer {
  const file = join(import.meta.dirname, '..', 'fixtures', `${name}.json`);
  const { answerHex } = JSON.parse(readFileSync(file, 'utf8')) as { answerHex: string }; // as the fixtures' README says
  return Buffer.from(answerHex, 'hex');
}

describe('a lost connection', () => {
  it('lets a read be sent again, three times at most', async () => {
    const [server, client] = await start(() => (server.requests.length < 3 ? 'close' : success('1.0.2')));
    expect(await client.version()).toBe('1.0.2');
    expect(server.requests).toEqual([['version'], ['version'], ['version']]);
    server.react = () => 'close';
    await expect(client.version()).rejects.toMatchObject({ code: 'fail2ban-offline', sent: true });
    expect(server.requests).toHaveLength(6);
  });

  it('never lets a change be sent again', async () => {
    const [server, client] = await start(() => 'close');
    for (const change of [
      () => client.ban('web', networks('192.0.2.1')),
      () => client.unban('web', networks('192.0.2.1')),
      () => client.unban(undefined, networks('192.0.2.1')),
      () => client.unbanAll(),
      () => client.set('web', 'bantime', 60),
      () => client.setServerSetting('dbpurgeage', 60),
      () => client.setIdle('web', true),
      () => client.startJail('web'),
      () => client.stopJail('web'),
      () => client.addIgnored('web', networks('192.0.2.1')),
      () => client.addLogPath('web', '/var/log/x'),
      () => client.addJournalMatch('web', ['_COMM=sshd']),
      () => client.flushLogs(),
      () => client.reload([['start', 'web']]),
    ]) {
      const before = server.requests.length;
      await expect(change()).rejects.toMatchObject({ code: 'fail2ban-offline', sent: true });
      expect(server.requests.length - before).toBe(1);
    }
  });

  it('in the middle of an answer is no answer', async () => {
    const [server, client] = await start(() => ({ bytes: success('pong').subarray(0, 12), thenClose: true }));
    await expect(client.ping()).rejects.toMatchObject({ code: 'fail2ban-offline' });
    await expect(client.unbanAll()).rejects.toMatchObject({ code: 'fail2ban-offline', sent: true });
    expect(server.requests).toHaveLength(4);
  });
});

describe('an answer', () => {
  it('that does not come tells how long fail2ban had for it, without the time in which the question waited', async () => {
    const [server, client] = await start(() => 'hang');
    const change = client.unbanAll();
    const question = client.version({ timeoutMs: 1_000 }).catch((error: unknown) => error);
    await expect.poll(() => server.requests).toHaveLength(1);
    const sentAt = performance.now();
    for (const socket of server.connections) socket.write(success(0));
    await change;
    const error = await question;
    expect(error).toMatchObject({ code: 'fail2ban-timeout', sent: true, limitMs: 1_000 });
    expect(error).toMatchObject({ workedMs: expect.toSatisfy((ms) => ms <= performance.now() - sentAt) as number });
  });

  it('that comes late is never taken for the next command’s', async () => {
    const [server, client] = await start(() => success('pong'));
    // Connected, so that the limit is not over before the question is sent.
    await client.ping();
    server.react = () => 'hang';
    await expect(client.version({ timeoutMs: 30 })).rejects.toMatchObject({ code: 'fail2ban-timeout', sent: true });
    // The server wakes up and answers on the old connection.
    for (const socket of server.connections) socket.write(success('late'));
    server.react = () => success('right');
    expect(await client.version()).toBe('right');
    expect(server.accepted).toBe(2);
  });

  it('that nobody asked for closes the connection', async () => {
    const [server, client] = await start(() => Buffer.concat([success('pong'), success('extra')]));
    // Both at once are one undecodable answer; one after the other, the second comes to an idle connection.
    await expect(client.ping()).rejects.toBeInstanceOf(AnswerNotUnderstood);
    server.react = () => success('pong');
    await client.ping();
    for (const socket of server.connections) socket.write(success('unasked'));
    await vi.waitFor(() => expect(server.connections.size).toBe(0), soon);
    await client.ping();
  });

  it.each([
    ['no pickle', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n')],
    ['of another shape', success([['Number of jail', 3]])],
    ['no pair', Buffer.concat([Buffer.from([0x80, 2]), Buffer.from('N.<F2B_END_COMMAND>')])],
  ])('that is %s is an error of its own, and the next command works', async (_, bytes) => {
    const [server, client] = await start(() => bytes);
    await expect(client.jailNames()).rejects.toMatchObject({ code: 'fail2ban-answer' });
    // Not sent again: the server would answer the same.
    expect(server.requests).toHaveLength(1);
    server.react = () =>
      success([
        ['Number of jail', 1],
        ['Jail list', 'web'],
      ]);
    expect(await client.jailNames()).toEqual(['web']);
  });

  it('over the size limit ends the command while it arrives', async () => {
    const [, client] = await start(() => success('a'.repeat(100_000)), { maxAnswerBytes: 10_000 });
    await expect(client.version()).rejects.toThrow(/too long/);
  });

  it('that is a bare text is a refusal', async () => {
    const [, client] = await start(() => recorded('v1.0.2-get-action-unpicklable'));
    await expect(client.version()).rejects.toMatchObject({ code: 'fail2ban-refused', exception: 'ServerError' });
  });
});

describe('fail2ban 1.1', () => {
  const as = (version: string, statistics: string) => (request: unknown) =>
    String(request) === 'version'
      ? success(version)
      : String(request) === 'stats'
        ? recorded(statistics)
        : success([['Jail list', '']]);

  it('is asked for all counters in one command', async () => {
    const [server, client] = await start(as('1.1.2.dev1', 'v1.1.2dev1-stats'));
    expect([...(await client.counters()).keys()]).toEqual(['manual', 'ssh', 'web']);
    expect((await client.counters()).get('web')).toEqual({
      currentlyFailed: 0,
      totalFailed: 0,
      currentlyBanned: 0,
      totalBanned: 0,
    });
    expect(server.requests).toEqual([['version'], ['stats'], ['stats']]);
  });

  it('that does not know that command yet is asked only once', async () => {
    const [server, client] = await start(as('1.1.0', 'v1.0.2-stats'));
    await client.counters();
    await client.counters();
    expect(server.requests).toEqual([['version'], ['stats'], ['status'], ['status']]);
  });

  it('is noticed when it takes the place of 1.0 behind the same socket', async () => {
    const [server, client] = await start(as('1.0.2', 'v1.0.2-stats'));
    const connected: boolean[] = [];
    client.onConnectionChange((isConnected) => connected.push(isConnected));
    await client.counters();
    expect(server.requests).toEqual([['version'], ['status']]);
    for (const socket of server.connections) socket.destroy();
    await vi.waitFor(() => expect(connected).toEqual([true, false]), soon);
    server.react = as('1.1.2.dev1', 'v1.1.2dev1-stats');
    await client.ping().catch(() => undefined);
    expect((await client.counters()).size).toBe(3);
  });

  it('shows ignore lists that come from files', async () => {
    const [, client] = await start(() => recorded('v1.1.2dev1-get-ignoreip-file'));
    expect(await client.ignoreList('ssh')).toContain('file:/srv/f2b/b/ign.txt');
  });
});

describe('close', () => {
  it('ends everything that waits and says goodbye', async () => {
    const [server, client] = await start(() => 'hang');
    const first = client.ping();
    const second = client.unbanAll();
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), soon);
    await client.close();
    await expect(first).rejects.toMatchObject({ code: 'fail2ban-offline', sent: true });
    await expect(second).rejects.toMatchObject({ code: 'fail2ban-offline', sent: false });
    await expect(client.ping()).rejects.toMatchObject({ code: 'fail2ban-offline' });
    await vi.waitFor(() => expect(server.connections.size).toBe(0), soon);
  });
});
