import { afterEach, describe, expect, it, vi } from 'vitest';
import { Fail2banClient, type Fail2banClientOptions } from './index.ts';
import { END_MARK } from './pickle/marks.ts';
import { type PythonValue } from './pickle/values.ts';
import { ScriptedServer, success, type Reaction } from './testing/scripted-server.ts';
import { MAX_QUESTIONS } from './transport/group.ts';

/** How a condition is waited for that is near. */
const soon = { timeout: 15_000, interval: 1 };

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

/** Asks for the patterns of jails that are told apart by their names, all at once. */
function ask(client: Fail2banClient, count: number, from = 0): Promise<string[]>[] {
  return Array.from({ length: count }, (_, index) => client.failRegexes(`j${from + index}`));
}

/** Answers such a question with the name in it. */
function named(request: PythonValue): Buffer {
  return success([jailOf(request)]);
}

/** What fail2ban answers for a jail that it does not have. */
const unknownJail = Buffer.concat([
  Buffer.from('\x80\x02K\x01\x8c\x0afail2ban.x\x8c\x14UnknownJailException\x93\x8c\x02j1\x85R\x86.', 'latin1'),
  END_MARK,
]);

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
    const queued: number[] = [];
    const [server, client] = await scripted((request) => {
      queued.push(client.queued);
      return named(request);
    });
    await Promise.all(ask(client, MAX_QUESTIONS + 1));
    // As of the first of them.
    expect(queued[0]).toBe(1);
    expect(server.chunks).toBe(2);
  });

  it('fail one by one where fail2ban refuses one', async () => {
    const [server, client] = await scripted((request) => (jailOf(request) === 'j1' ? unknownJail : named(request)));
    expect(await outcomes(ask(client, 3))).toEqual(['j0', 'fail2ban-refused', 'j2']);
    expect(server.accepted).toBe(1);
  });

  it('fail alone, and are not sent, where the client refuses one', async () => {
    const [server, client] = await scripted(named);
    const names = ['j0', 'a b', 'j2'];
    const questions = ['failRegexes', 'ignoreRegexes', 'logPaths', 'actions', 'ignoreList'] as const;
    for (const question of questions) {
      expect(await outcomes(names.map((jail) => client[question](jail)))).toEqual(['j0', 'bad-argument', 'j2']);
    }
    expect(server.requests.map(jailOf)).toEqual(questions.flatMap(() => ['j0', 'j2']));
  });

  it('are one for each jail where counters are asked for, in groups, and a jail that is gone is left out', async () => {
    const jails = Array.from({ length: MAX_QUESTIONS + 3 }, (_, index) => `j${index}`);
    const [server, client] = await scripted((request) => {
      const [verb] = Array.isArray(request) ? request : [];
      if (verb === 'version') return success('1.0.2');
      if (jailOf(request) === '') return success([['Jail list', ['bad name', ...jails].join(', ')]]);
      if (jailOf(request) === 'j1') return unknownJail;
      return success([
        [
          'Filter',
          [
            ['Currently failed', 1],
            ['Total failed', Number(jailOf(request).slice(1))],
          ],
        ],
        [
          'Actions',
          [
            ['Currently banned', 3],
            ['Total banned', 4],
          ],
        ],
      ]);
    });
    const counters = await client.counters();
    expect([...counters.keys()]).toEqual(jails.filter((jail) => jail !== 'j1'));
    for (const [jail, { totalFailed }] of counters) expect(`j${totalFailed}`).toBe(jail);
    // The version, the names, and two groups.
    expect(server.chunks).toBe(4);
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
    await vi.waitFor(() => expect(server.requests).toHaveLength(1), soon);
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
      await vi.waitFor(() => expect(client.inFlight?.command).toBe(`get given${index} failregex`), soon);
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
