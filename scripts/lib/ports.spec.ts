import { once } from 'node:events';
import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import { ensurePortIsFree } from './ports.ts';

test('a port is waited for that a program is just giving back', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const free = ensurePortIsFree('127.0.0.1', port, 'BANGUI_PORT');
  // Refused after the first try of the above, which asked before.
  const other = createServer().listen({ port, host: '127.0.0.1', exclusive: true });
  const [refusal] = (await once(other, 'error')) as [NodeJS.ErrnoException];
  expect(refusal.code).toBe('EADDRINUSE');
  server.close();
  await free;
});
