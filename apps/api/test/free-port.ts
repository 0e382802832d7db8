import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** Below the ports that the system gives to whoever does not care, also to each outgoing connection. */
const [first, end] = [15_000, 30_000];

/**
 * A port of loopback that nobody listens on, for a program that is told where to listen and starts a little later, perhaps
 * several times: meanwhile nobody gets it by chance.
 */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(first, end);
    const server = createServer().listen(port, '127.0.0.1');
    const isFree = await once(server, 'listening').then(
      () => true,
      () => false,
    );
    if (!isFree) continue;
    server.close();
    await once(server, 'close');
    return port;
  }
}
