import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pickFail2ban } from './pick-fail2ban.ts';

let dir: string;
beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-pick-'));
});
afterAll(() => rm(dir, { recursive: true }));

test('takes what the environment gives, whether or not anybody answers there', async () => {
  const given = { kind: 'given', socketPath: '/somewhere/else.sock' };
  expect(await pickFail2ban({ BANGUI_FAIL2BAN_SOCKET: '/somewhere/else.sock' }, join(dir, 'none'))).toEqual(given);
});

test("takes the machine's fail2ban when it answers", async () => {
  const socketPath = join(dir, 'alive.sock');
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve) => void server.listen(socketPath, resolve));
  try {
    expect(await pickFail2ban({}, socketPath)).toEqual({ kind: 'machine', socketPath });
    expect(await pickFail2ban({ BANGUI_FAIL2BAN_SOCKET: '' }, socketPath)).toMatchObject({ kind: 'machine' });
  } finally {
    server.close();
  }
});

test('makes a private one, and says why, when there is none or nobody answers', async () => {
  const absent = await pickFail2ban({}, join(dir, 'none'));
  expect(absent).toMatchObject({ kind: 'demo', reason: expect.stringContaining('no running fail2ban') as string });
  const dead = join(dir, 'dead.sock');
  await writeFile(dead, '');
  expect(await pickFail2ban({}, dead)).toMatchObject({
    kind: 'demo',
    reason: expect.stringContaining('not running') as string,
  });
});
