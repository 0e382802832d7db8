import { randomInt } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';

/**
 * Below the ports that the system gives to whoever asks for any (ip(7), `ip_local_port_range`): none of the many servers and
 * connections of other tests is given it before the program that it is for has taken it, or while that is started anew.
 */
const [lowest, beyond] = [20_000, 30_000];

/** A port of loopback for a program that must be told which one to take. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, beyond);
    const server = createServer();
    try {
      await once(server.listen(port, '127.0.0.1'), 'listening');
    } catch {
      // Somebody has it.
      continue;
    }
    server.close();
    await once(server, 'close');
    return port;
  }
}
