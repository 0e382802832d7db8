import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Fail2banClient } from './index.ts';
import { PrivateFail2ban } from './testing/index.ts';
import { manyAddresses, testRounds } from './testing/networks.ts';

let server: PrivateFail2ban;
beforeAll(async () => {
  server = await PrivateFail2ban.start();
});
afterAll(() => server[Symbol.asyncDispose]());

describe('ten clients at once', () => {
  it('all get their own answers, although only two may wait for the server', async () => {
    for (let round = 0; round < testRounds(); round += 1) {
      const clients = Array.from({ length: 10 }, () => new Fail2banClient({ socketPath: server.socketPath }));
      const answers = await Promise.all(
        clients.flatMap((client) =>
          Array.from({ length: 20 }, (_, index) =>
            index % 2 === 0 ? client.jailNames() : client.get('ssh', 'findtime').then(String),
          ),
        ),
      );
      for (const [index, answer] of answers.entries()) {
        expect(answer).toEqual(index % 2 === 0 ? ['manual', 'ssh', 'web'] : '600');
      }
      await Promise.all(clients.map((client) => client.close()));
    }
  });
});

describe('a hundred thousand bans', () => {
  it('are made in batches, read whole, with and without times', async () => {
    const client = new Fail2banClient({ socketPath: server.socketPath });
    const addresses = manyAddresses(100_000);
    let batches = 0;
    expect(await client.ban('manual', addresses, { batchSize: 10_000, onProgress: () => (batches += 1) })).toBe(
      100_000,
    );
    expect(batches).toBe(10);
    const expected = addresses.map(String).toSorted();
    expect((await client.bansOf('manual')).toSorted()).toEqual(expected);
    expect((await client.banned()).get('manual')).toHaveLength(100_000);
    const timed = await client.bansWithTimes('manual');
    expect(timed.map(({ address }) => address).toSorted()).toEqual(expected);
    expect((await client.counters()).get('manual')?.currentlyBanned).toBe(100_000);
    await client.close();
  }, 60_000);
});
