import { createConnection, createServer } from 'node:net';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { Fail2banClient, type Fail2banClientOptions } from './index.ts';
import { AnswerDecoder } from './pickle/decode.ts';
import { encodeRequest } from './pickle/encode.ts';
import { END_MARK } from './pickle/marks.ts';
import { type PythonValue } from './pickle/values.ts';
import { PrivateFail2ban, type PrivateFail2banOptions } from './testing/index.ts';
import { networks, testRounds } from './testing/networks.ts';
import { startRelay } from './testing/relay.ts';
import { ScriptedServer, success, type Reaction } from './testing/scripted-server.ts';
import { MAX_QUESTIONS } from './transport/group.ts';
import { Session } from './transport/session.ts';

// A real server is restarted here, on a machine that may be busy.
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

/** A scripted server and a client that is connected to it. */
async function scripted(
  react: (request: PythonValue) => Reaction,
  options?: Partial<Fail2banClientOptions>,
): Promise<[ScriptedServer, Fail2banClient]> {
  const server = await ScriptedServer.start(() => success('pong'));
  cleanUps.push(() => server[Symbol.asyncDispose]());
  const client = clientOf(server.socketPath, options);
  await client.ping();
  server.requests.length = 0;
  server.chunks = 0;
  server.react = react;
  return [server, client];
}

async function real(options?: PrivateFail2banOptions): Promise<PrivateFail2ban> {
  const server = await PrivateFail2ban.start(options);
  cleanUps.push(() => server[Symbol.asyncDispose]());
  return server;
}

/** Asks for the patterns of jails that are told apart by their names, all at once. */
function ask(client: Fail2banClient, count: number, from = 0): Promise<string[]>[] {
  return Array.from({ length: count }, (_, index) => client.failRegexes(`j${from + index}`));
}

/** Answers such a question with the name in it. */
function named(request: PythonValue): Buffer {
  return success([jailOf(request)]);
}

function jailOf(request: PythonValue): string {
  const [, jail] = Array.isArray(request) ? request : [];
  return typeof jail === 'string' ? jail : '';
}

/** What each call came to: its value, or the code of its error. */
async function outcomes(calls: readonly Promise<string[]>[]): Promise<string[]> {
  const settled = await Promise.allSettled(calls);
  return settled.map((each) =>
    each.status === 'fulfilled' ? each.value.join() : String((each.reason as { code?: string }).code),
  );
}

describe('questions that are asked side by side', () => {
  it('go out in one write, and each gets its own answer', async () => {
    const [server, client] = await scripted(named);
    expect(await outcomes(ask(client, 5))).toEqual(['j0', 'j1', 'j2', 'j3', 'j4']);
    expect(server.requests.map(jailOf)).toEqual(['j0', 'j1', 'j2', 'j3', 'j4']);
    expect(server.chunks).toBe(1);
  });

  it('keep their order around a change and a long list, which go alone', async () => {
    const [server, client] = await scripted((request) => (jailOf(request) === 'x' ? success(null) : named(request)));
    await Promise.all([
      ...ask(client, 2),
      client.setIdle('x', true),
      ...ask(client, 2, 2),
      client.bansOf('y'),
      ...ask(client, 2, 4),
    ]);
    expect(server.requests.map(jailOf)).toEqual(['j0', 'j1', 'x', 'j2', 'j3', 'y', 'j4', 'j5']);
    expect(server.chunks).toBe(5);
  });

  it('are sent in groups of a bounded number, so that what comes after the first waits for no more than that', async () => {
    const [server, client] = await scripted(named);
    const first = ask(client, MAX_QUESTIONS + 1);
    await vi.waitFor(() => expect(client.inFlight).toBeDefined(), { interval: 1 });
    expect(client.queued).toBe(1);
    await Promise.all(first);
    expect(server.chunks).toBe(2);
  });

  it('fail one by one where fail2ban refuses one', async () => {
    const refusal = Buffer.concat([
      Buffer.from('\x80\x02K\x01\x8c\x0afail2ban.x\x8c\x14UnknownJailException\x93\x8c\x02j1\x85R\x86.', 'latin1'),
      END_MARK,
    ]);
    const [server, client] = await scripted((request) => (jailOf(request) === 'j1' ? refusal : named(request)));
    expect(await outcomes(ask(client, 3))).toEqual(['j0', 'fail2ban-refused', 'j2']);
    expect(server.accepted).toBe(1);
  });

  it('show which of them fail2ban works on', async () => {
    const [server, client] = await scripted((request) => (jailOf(request) === 'j1' ? 'hang' : named(request)));
    const calls = ask(client, 3);
    await calls[0];
    expect(client.inFlight).toMatchObject({ command: 'get j1 failregex', limitMs: expect.any(Number) as number });
    for (const socket of server.connections) socket.destroy();
    server.react = named;
    expect(await outcomes(calls)).toEqual(['j0', 'j1', 'j2']);
    expect(client.inFlight).toBeUndefined();
  });
});

describe('a group of questions on a connection that fails', () => {
  it('is asked again from the first without an answer, three times at most', async () => {
    const [server, client] = await scripted((request) => (jailOf(request) === 'j2' ? 'close' : named(request)));
    expect(await outcomes(ask(client, 4))).toEqual(['j0', 'j1', 'fail2ban-offline', 'fail2ban-offline']);
    expect(server.requests.map(jailOf)).toEqual(['j0', 'j1', 'j2', 'j2', 'j2']);
  });

  it('loses only the question whose answer cannot be read', async () => {
    const [server, client] = await scripted((request) =>
      jailOf(request) === 'j1' ? Buffer.from('HTTP/1.1 400 Bad Request') : named(request),
    );
    expect(await outcomes(ask(client, 4))).toEqual(['j0', 'fail2ban-answer', 'j2', 'j3']);
    // Its place in the stream is lost, so the others are asked again on another connection.
    expect(server.accepted).toBe(2);
    expect(server.requests.map(jailOf).slice(-2)).toEqual(['j2', 'j3']);
  });

  it('loses only the question whose answer is too long', async () => {
    const [, client] = await scripted(
      (request) => (jailOf(request) === 'j1' ? success(['a'.repeat(5_000)]) : named(request)),
      { maxAnswerBytes: 1_000 },
    );
    // Together they are longer than one may be.
    const calls = await outcomes(ask(client, MAX_QUESTIONS));
    expect(calls[1]).toBe('fail2ban-answer');
    expect(calls.filter((outcome, index) => outcome !== `j${index}`)).toHaveLength(1);
  });

  it('fails in its last question when more comes than was asked for', async () => {
    const [, client] = await scripted((request) =>
      jailOf(request) === 'j1' ? Buffer.concat([named(request), success('extra')]) : named(request),
    );
    expect(await outcomes(ask(client, 2))).toEqual(['j0', 'fail2ban-answer']);
  });
});

describe('a question of a group that is given up', () => {
  it('ends the connection, and late answers are taken for nothing', async () => {
    const [server, client] = await scripted((request) => (jailOf(request) === 'j0' ? 'hang' : named(request)));
    const abort = new AbortController();
    const given = client.failRegexes('j0', { signal: abort.signal });
    const others = ask(client, 2, 1);
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), { interval: 1 });
    const [old] = server.connections;
    abort.abort();
    await expect(given).rejects.toMatchObject({ code: 'fail2ban-aborted', sent: true });
    old?.write(success(['late']));
    expect(await outcomes(others)).toEqual(['j1', 'j2']);
    expect(server.accepted).toBe(2);
  });

  it('does not count as a loss for the others, however many are given up', async () => {
    const [server, client] = await scripted((request) => (jailOf(request).startsWith('j') ? named(request) : 'hang'));
    const aborts = Array.from({ length: 5 }, () => new AbortController());
    const given = aborts.map(({ signal }, index) => client.failRegexes(`given${index}`, { signal }));
    const ended = Promise.allSettled(given);
    const others = ask(client, 2);
    for (const [index, abort] of aborts.entries()) {
      await vi.waitFor(() => expect(client.inFlight?.command).toBe(`get given${index} failregex`), { interval: 1 });
      abort.abort();
    }
    expect((await ended).every(({ status }) => status === 'rejected')).toBe(true);
    expect(await outcomes(others)).toEqual(['j0', 'j1']);
    expect(server.accepted).toBe(6);
  });

  it('after its own answer ends nothing', async () => {
    const [server, client] = await scripted((request) => (jailOf(request) === 'j0' ? 'hang' : named(request)));
    const abort = new AbortController();
    const calls = [client.failRegexes('done', { signal: abort.signal }), ...ask(client, 2)];
    await calls[0];
    abort.abort();
    for (const socket of server.connections) socket.write(Buffer.concat([success(['j0']), success(['j1'])]));
    expect(await outcomes(calls)).toEqual(['done', 'j0', 'j1']);
    expect(server.accepted).toBe(1);
  });

  it('by its time limit leaves those with a longer one', async () => {
    const [server, client] = await scripted((request) => (jailOf(request) === 'j0' ? 'hang' : named(request)));
    const given = client.failRegexes('j0', { timeoutMs: 50 });
    const others = ask(client, 2, 1);
    await expect(given).rejects.toMatchObject({ code: 'fail2ban-timeout', sent: true });
    expect(await outcomes(others)).toEqual(['j1', 'j2']);
    expect(server.accepted).toBe(2);
  });
});

describe('answers that arrive in any pieces', () => {
  it('are the same answers', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'f2g-'));
    let pieces: Buffer[] = [];
    const server = createServer((socket) => {
      socket.on('data', () => {
        void (async () => {
          // Each in a turn of its own, so that they arrive apart.
          for (const piece of pieces) {
            socket.write(piece);
            await nextTurn();
          }
        })();
      });
      socket.on('error', () => socket.destroy());
    });
    server.listen(join(dir, 's'));
    const session = await Session.open(join(dir, 's'), 100_000, () => undefined);
    cleanUps.push(
      () => rm(dir, { recursive: true }),
      async () => {
        session.destroy();
        await server[Symbol.asyncDispose]();
      },
    );
    const text = fc.oneof(fc.string(), fc.constantFrom(END_MARK.toString(), 'a'.repeat(400)));
    await fc.assert(
      fc.asyncProperty(
        fc.array(text, { minLength: 1, maxLength: 8 }),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 12 }),
        async (texts, sizes) => {
          pieces = piecesOf(Buffer.concat(texts.map((each) => success(each))), sizes);
          const values: unknown[] = [];
          await session.exchange(
            texts.map(() => ({
              request: Buffer.from('?'),
              answered: (value) => {
                values.push(value);
              },
            })),
          );
          expect(values).toEqual(texts.map((each) => [0, each]));
        },
      ),
      { numRuns: 150 },
    );
  });
});

/** Cuts bytes into pieces of these sizes, over and over. */
function piecesOf(bytes: Buffer, sizes: readonly number[]): Buffer[] {
  const pieces: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = sizes[pieces.length % sizes.length] ?? 1;
    pieces.push(bytes.subarray(at, at + size));
    at += size;
  }
  return pieces;
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
    await vi.waitFor(() => expect(other.inFlight?.command).toBe('set manual banip'), { interval: 1 });
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
