import { afterAll, beforeAll, expect, it } from 'vitest';
import { Fail2banClient } from './index.ts';
import { PrivateFail2ban } from './testing/index.ts';

let server: PrivateFail2ban;
let client: Fail2banClient;
beforeAll(async () => {
  server = await PrivateFail2ban.start();
  client = new Fail2banClient({ socketPath: server.socketPath });
});
afterAll(async () => {
  await client.close();
  await server[Symbol.asyncDispose]();
});

it('sees the jails', async () => {
  expect(await client.jailNames()).toEqual(['manual', 'ssh', 'web']);
  expect((await client.counters()).size).toBe(3);
});
