import { chmod, readdir, readFile, readlink } from 'node:fs/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  Fail2banAborted,
  Fail2banClient,
  Fail2banOffline,
  Fail2banTimeout,
  type Fail2banClientOptions,
} from './index.ts';
import { PrivateFail2ban } from './testing/index.ts';
import { manyAddresses, network, networks, testRounds } from './testing/networks.ts';
import { startRelay } from './testing/relay.ts';

// Servers are started and stopped many times here, on a machine that may be busy.
vi.setConfig({ testTimeout: 120_000 });

/** How a condition is waited for that is near. */
const soon = { timeout: 15_000, interval: 1 };

const VERSION = /^\d+\.\d+/;
const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

async function startServer(): Promise<PrivateFail2ban> {
  const server = await PrivateFail2ban.start();
  cleanUps.push(() => server[Symbol.asyncDispose]());
  return server;
}

function clientOf(socketPath: string, options?: Partial<Fail2banClientOptions>): Fail2banClient {
  const client = new Fail2banClient({ socketPath, ...options });
  cleanUps.push(() => client.close());
  return client;
}

/** The error a call ends with; listened for from the start, so that it is never an unhandled one. */
function failureOf(call: Promise<unknown>): Promise<unknown> {
  return call.then(
    (value) => new Error(`It succeeded with ${String(value)}.`),
    (error: unknown) => error,
  );
}

/** Waits until fail2ban has been sent a command of this name. */
async function untilInFlight(client: Fail2banClient, command: string): Promise<void> {
  await vi.waitFor(() => expect(client.inFlight?.command).toBe(command), soon);
}

describe('a server that is killed', () => {
  it('in the middle of an answer makes the read fail as offline in time, and the next one works after its restart', async () => {
    const server = await startServer();
    const relay = await startRelay(server.socketPath);
    cleanUps.push(() => relay[Symbol.asyncDispose]());
    const client = clientOf(relay.socketPath, { timeouts: { connectMs: 200 } });
    for (let round = 0; round < testRounds(); round += 1) {
      // Longer than the kernel keeps for a client, so that the server is still sending when it is killed.
      await client.ban('manual', manyAddresses(15_000), { batchSize: 10_000 });
      expect(await client.bansOf('manual')).toHaveLength(15_000);
      relay.pauseAfter(20_000 + round * 7919, () => server.kill());
      const read = failureOf(client.bansOf('manual'));
      expect(await read).toMatchObject({ code: 'fail2ban-offline', sent: true });
      await server.restart();
      expect(await client.jailNames()).toEqual(['manual', 'ssh', 'web']);
    }
  });

  it('makes a change fail as offline, saying that it may have happened, and never sends it again', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath, { timeouts: { connectMs: 200 } });
    for (let round = 0; round < testRounds(); round += 1) {
      // The action of `web` starts a program for each address, so this takes a while.
      const change = failureOf(client.ban('web', manyAddresses(100), { batchSize: 100 }));
      await untilInFlight(client, 'set web banip');
      await server.kill();
      expect(await change).toMatchObject({
        code: 'fail2ban-offline',
        sent: true,
        message: expect.stringContaining('may have carried the command out') as unknown,
      });
      expect(client.inFlight).toBeUndefined();
      await server.restart();
      await client.unbanAll();
    }
  });

  it('is told at once, and told again when it is back with a new socket', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath, { timeouts: { connectMs: 100 } });
    const told: boolean[] = [];
    const stop = client.onConnectionChange((connected) => told.push(connected));
    await client.ping();
    for (let round = 0; round < testRounds(); round += 1) {
      told.length = 0;
      await server.kill();
      await vi.waitFor(() => expect(told).toEqual([false]), soon);
      // A program that it was about to start may still accept a connection, so that the ping was perhaps sent.
      await expect(client.ping()).rejects.toMatchObject({ code: 'fail2ban-offline', reason: 'ECONNREFUSED' });
      await vi.waitFor(() => expect(told.at(-1)).toBe(false), soon);
      told.length = 0;
      await server.restart();
      await client.ping();
      await vi.waitFor(() => expect(told).toEqual([true]), soon);
    }
    stop();
    await server.stop();
    await expect(client.ping()).rejects.toMatchObject({ code: 'fail2ban-offline', reason: 'ENOENT' });
    expect(told).toEqual([true]);
  });

  it('and comes back within the time limit of a read does not make the read fail', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath, { timeouts: { connectMs: 30_000, readMs: 30_000 } });
    await client.ping();
    await server.kill();
    const read = client.version();
    await server.restart();
    expect(await read).toMatch(VERSION);
  });

  it('makes commands fail at once while it stays away, so that they do not queue up', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath, { timeouts: { connectMs: 300 } });
    await server.stop();
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, () => client.ping({ timeoutMs: 2000 })));
    for (const outcome of outcomes)
      expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'fail2ban-offline' } });
  });
});

describe('a server that hangs', () => {
  it('makes commands fail at their limit, queued ones too, and answers right when it goes on', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath);
    await client.ping();
    for (let round = 0; round < testRounds(); round += 1) {
      server.suspend();
      const outcomes = await Promise.allSettled([
        client.version({ timeoutMs: 200 }),
        client.version({ timeoutMs: 250 }),
        client.jailNames({ timeoutMs: 250 }),
      ]);
      for (const outcome of outcomes)
        expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(Fail2banTimeout) as unknown });
      expect(client.inFlight).toBeUndefined();
      server.resume();
      // The late answers of the commands given up must not be taken for these.
      expect(await client.jailNames()).toEqual(['manual', 'ssh', 'web']);
      expect(await client.version()).toMatch(VERSION);
    }
  });

  it('shows what it works on and since when, until then', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath);
    await client.ping();
    server.suspend();
    const before = performance.now();
    // What is looked at meanwhile takes a busy machine some of it.
    const limitMs = 2_000;
    const change = failureOf(client.ban('manual', networks('192.0.2.1'), { timeoutMs: limitMs }));
    await untilInFlight(client, 'set manual banip');
    const read = failureOf(client.ping({ timeoutMs: limitMs }));
    expect(client.queued).toBe(1);
    expect(client.inFlight).toMatchObject({ command: 'set manual banip', limitMs });
    expect(client.inFlight?.startedAt).toBeGreaterThanOrEqual(before);
    expect(await change).toMatchObject({ code: 'fail2ban-timeout', sent: true, limitMs });
    expect(await read).toMatchObject({ code: 'fail2ban-timeout' });
    server.resume();
    // It was carried out all the same, as the error says.
    await vi.waitFor(async () => expect(await client.bansOf('manual')).toEqual(['192.0.2.1']), soon);
  });

  it('does not collect connections of commands that were given up', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath, { timeouts: { connectMs: 50 } });
    server.suspend();
    for (let command = 0; command < 20; command += 1) await client.ping({ timeoutMs: 20 }).catch(() => undefined);
    server.resume();
    await vi.waitFor(() => client.ping({ timeoutMs: 500 }), { timeout: 15_000, interval: 50 });
    // It may answer before it has closed all that were given up.
    await vi.waitFor(async () => expect(await connectionsOf(server.pid)).toBeLessThanOrEqual(2), soon);
  });
});

describe('an AbortSignal', () => {
  it('removes a waiting command without effect, and leaves the one before it alone', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath);
    await client.ping();
    server.suspend();
    const first = client.version();
    const abort = new AbortController();
    const second = failureOf(client.ban('manual', networks('192.0.2.1'), { signal: abort.signal }));
    await vi.waitFor(() => expect(client.queued).toBe(1), soon);
    abort.abort(new Error('nobody waits any more'));
    expect(await second).toMatchObject({ code: 'fail2ban-aborted', name: 'AbortError', sent: false });
    server.resume();
    expect(await first).toMatch(VERSION);
    expect(await client.bansOf('manual')).toEqual([]);
  });

  it('ends a command in flight, and says that the server may still carry it out', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath);
    await client.ping();
    const told: boolean[] = [];
    client.onConnectionChange((connected) => told.push(connected));
    server.suspend();
    const abort = new AbortController();
    const change = failureOf(client.ban('manual', networks('192.0.2.1'), { signal: abort.signal }));
    await untilInFlight(client, 'set manual banip');
    abort.abort();
    const error = await change;
    expect(error).toBeInstanceOf(Fail2banAborted);
    expect(error).toMatchObject({ sent: true, message: expect.stringContaining('may still carry it out') as unknown });
    server.resume();
    expect(await client.jailNames()).toEqual(['manual', 'ssh', 'web']);
    // The server was there all the time, so nobody is told that it was lost.
    expect(told).not.toContain(false);
  });

  it('that is already aborted stops a command before anything is done', async () => {
    const client = clientOf('/nonexistent/f2b.sock');
    await expect(client.ping({ signal: AbortSignal.abort() })).rejects.toMatchObject({
      code: 'fail2ban-aborted',
      sent: false,
    });
  });

  it('stops between two batches', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath);
    const abort = new AbortController();
    const change = client.ban('manual', manyAddresses(30), {
      batchSize: 10,
      signal: abort.signal,
      onProgress: (done) => {
        if (done === 20) abort.abort();
      },
    });
    await expect(change).rejects.toMatchObject({ code: 'fail2ban-aborted', sent: false });
    expect(await client.bansOf('manual')).toHaveLength(20);
  });
});

describe('a socket that cannot be opened', () => {
  it('is explained when it is not there', async () => {
    const client = clientOf('/nonexistent/f2b.sock', { timeouts: { connectMs: 50 } });
    const error: unknown = await client.ping().catch((caught: unknown) => caught);
    expect(error).toBeInstanceOf(Fail2banOffline);
    expect(error).toMatchObject({ reason: 'ENOENT', message: expect.stringContaining('not running') as unknown });
  });

  it('is explained, at once, when permission is denied', async () => {
    const server = await startServer();
    const client = clientOf(server.socketPath);
    // As root every door is open, so the test connects as nobody; the folder is its owner's only.
    const isRoot = process.getuid?.() === 0;
    if (!isRoot) await chmod(server.socketPath, 0);
    if (isRoot) process.seteuid?.(65_534);
    const ping = client.ping();
    if (isRoot) process.seteuid?.(0);
    await expect(ping).rejects.toMatchObject({
      reason: 'EACCES',
      message: expect.stringContaining('permission denied') as unknown,
    });
    expect(
      await clientOf(server.socketPath)
        .isBanned('manual', [network('192.0.2.1')])
        .catch(() => 'refused'),
    ).toEqual(isRoot ? [false] : 'refused');
  });
});

/** Connected ends of the server's socket that its process holds. */
async function connectionsOf(pid: number): Promise<number> {
  const table = await readFile('/proc/net/unix', 'utf8');
  // Inode of each socket in state 3, connected.
  const connected = new Set(
    table
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .filter((columns) => columns[5] === '03' && columns[7]?.endsWith('/f2b.sock'))
      .map((columns) => columns[6]),
  );
  const links = await Promise.all(
    (await readdir(`/proc/${pid}/fd`)).map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')),
  );
  return links.filter((link) => connected.has(/^socket:\[(\d+)\]$/.exec(link)?.[1])).length;
}
