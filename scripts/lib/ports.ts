import { createServer } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { ScriptProblem } from './programs.ts';

/** How long a program that was just killed may take to give its port back, in milliseconds. */
const GIVEN_BACK_MS = 2_000;

/** Fails with a clear message when nobody could listen there. `setting` is the environment variable to change. */
export async function ensurePortIsFree(host: string, port: number, setting: string): Promise<void> {
  const deadline = performance.now() + GIVEN_BACK_MS;
  for (;;) {
    const cause = await listenOnce(host, port);
    if (cause === undefined) return;
    if (!('code' in cause) || cause.code !== 'EADDRINUSE')
      throw new ScriptProblem(`Nobody can listen on ${host}, port ${port}: ${String(cause)}`, { cause });
    if (performance.now() > deadline)
      throw new ScriptProblem(
        `Port ${port} on ${host} is in use. Stop what listens there or choose another: ${setting}`,
        { cause },
      );
    await wait(50);
  }
}

/** Listens there for a moment; gives what kept it from doing so. */
async function listenOnce(host: string, port: number): Promise<Error | undefined> {
  const server = createServer();
  const { promise, resolve } = Promise.withResolvers<Error | undefined>();
  server.once('error', resolve).listen({ host, port, exclusive: true }, () => server.close(() => resolve(undefined)));
  return promise;
}

/** The address to type into a browser on this machine. */
export function localUrl(host: string, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const isLoopback = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const name = isEverywhere || isLoopback ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
