import { createConnection } from 'node:net';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Fail2banClient, type Fail2banClientOptions } from './index.ts';
import { AnswerDecoder } from './pickle/decode.ts';
import { encodeRequest } from './pickle/encode.ts';
import { END_MARK } from './pickle/marks.ts';
import { type PythonValue } from './pickle/values.ts';
import { PrivateFail2ban, type PrivateFail2banOptions } from './testing/index.ts';
import { networks, testRounds } from './testing/networks.ts';
import { startRelay } from './testing/relay.ts';
import { MAX_QUESTIONS } from './transport/group.ts';

// Servers are restarted here, on a machine that may be busy.
vi.setConfig({ testTimeout: 60_000 });

const cleanUps: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

function clientOf(socketPath: string, options?: Partial<Fail2banClientOptions>): Fail2banClient {
  const client = new Fail2banClient({ socketPath, ...options });
  cleanUps.push(() => client.close());
  return client;
}

async function real(options?: PrivateFail2banOptions): Promise<PrivateFail2ban> {
  const server = await PrivateFail2ban.start(options);
  cleanUps.push(() => server[Symbol.asyncDispose]());
  return server;
}

describe('fail2ban itself', () => {
  it('answers a hundred requests of one write in their order, wherever the write is cut', async () => {
    const server = await real();
    const words = Array.from({ length: 100 }, (_, index) => ['echo', `n${index}`, 'x'.repeat(index)]);
    const bytes = Buffer.concat(words.map(encodeRequest));
    const firstMark = bytes.indexOf(END_MARK);
    const expected = words.map(([, ...rest]) => [0, rest]);
    // Whole; in a message; in and around an end mark.
    for (const cut of [0, 7, firstMark, firstMark + 5, firstMark + END_MARK.length, bytes.length - 3]) {
      expect(await answersTo(server.socketPath, [bytes.subarray(0, cut), bytes.subarray(cut)], 100)).toEqual(expected);
    }
  });

  it('refuses one request of a write and answers the others', async () => {
    const server = await real();
    const requests = [
      ['get', 'ssh', 'findtime'],
      ['get', 'gone', 'findtime'],
      ['get', 'ssh', 'maxretry'],
    ];
    const answers = await answersTo(server.socketPath, [Buffer.concat(requests.map(encodeRequest))], 3);
    expect(answers).toMatchObject([
      [0, 600],
      [1, { className: 'UnknownJailException' }],
      [0, expect.any(Number)],
    ]);
  });

  it('gives a client that asks much at once what it gives one that asks one by one', async () => {
    const server = await real();
    const client = clientOf(server.socketPath);
    const asked = (): (() => Promise<unknown>)[] =>
      ['manual', 'ssh', 'web'].flatMap((jail) => [
        () => client.get(jail, 'bantime'),
        () => client.failRegexes(jail),
        () => client.get(jail, 'bantime.overalljails'),
        () => client.logPaths(jail),
        () => client.actions(jail),
        () => client.status(jail, 'short'),
      ]);
    const one: unknown[] = [];
    for (const each of asked()) one.push(await each());
    expect(await Promise.all(asked().map((each) => each()))).toEqual(one);
  });

  it('is asked for the rest again when it restarts in the middle of a group', async () => {
    const server = await real();
    const relay = await startRelay(server.socketPath);
    cleanUps.push(() => relay[Symbol.asyncDispose]());
    const client = clientOf(relay.socketPath, { timeouts: { connectMs: 30_000, readMs: 30_000 } });
    await client.ping();
    for (let round = 0; round < testRounds(); round += 1) {
      relay.pauseAfter(40 + round * 97, () => server.restart());
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) => (index % 2 === 0 ? client.version() : client.jailNames())),
      );
      for (const [index, answer] of answers.entries()) {
        // The socket answers before the jails are there.
        if (index % 2 === 0) expect(answer).toMatch(/^\d+\.\d+/);
        else expect(['manual', 'ssh', 'web']).toEqual(expect.arrayContaining([...answer]));
      }
    }
  });

  it('turns to another client after one group', async () => {
    const server = await real({ logLevel: 'HEAVYDEBUG' });
    const [many, other] = [clientOf(server.socketPath), clientOf(server.socketPath)];
    await Promise.all([many.ping(), other.ping()]);
    server.suspend();
    const asked = Promise.all(Array.from({ length: 10 * MAX_QUESTIONS }, () => many.get('ssh', 'findtime')));
    const ban = other.ban('manual', networks('192.0.2.1'));
    await vi.waitFor(() => expect(other.inFlight?.command).toBe('set manual banip'), {
      timeout: 15_000,
      interval: 1,
    });
    server.resume();
    await Promise.all([asked, ban]);
    const received = server.received();
    const before = received.slice(0, received.indexOf("Command: ['set', 'manual', 'banip'"));
    expect(before.split("Command: ['get', 'ssh', 'findtime']").length - 1).toBeLessThanOrEqual(MAX_QUESTIONS);
    expect(received.split("Command: ['get', 'ssh', 'findtime']").length - 1).toBe(10 * MAX_QUESTIONS);
  });
});

/** Sends the parts over a connection of its own, each when the one before has been received, and gives the answers. */
async function answersTo(socketPath: string, parts: readonly Buffer[], count: number): Promise<PythonValue[]> {
  const socket = createConnection(socketPath);
  const answers: PythonValue[] = [];
  let decoder = new AnswerDecoder();
  try {
    await new Promise<void>((resolve, reject) => {
      socket.on('data', (chunk: Buffer) => {
        for (let rest = chunk; rest.length > 0;) {
          const answer = decoder.push(rest);
          if (!answer) return;
          answers.push(answer.value);
          decoder = new AnswerDecoder();
          rest = answer.rest;
          if (answers.length === count) resolve();
        }
      });
      socket.on('error', reject);
      socket.on('close', () => reject(new Error('The server closed the connection.')));
      void (async () => {
        for (const part of parts) {
          await new Promise((sent) => socket.write(part, sent));
          await nextTurn();
        }
      })();
    });
  } finally {
    socket.destroy();
  }
  return answers;
}
