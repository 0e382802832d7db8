import { createServer } from 'node:net';
import { ScriptProblem } from './programs.ts';

/** Fails with a clear message when nobody could listen there. `setting` is the environment variable to change. */
export async function ensurePortIsFree(host: string, port: number, setting: string): Promise<void> {
  const server = createServer();
  const { promise, resolve, reject } = Promise.withResolvers<unknown>();
  server.once('error', reject).listen({ host, port, exclusive: true }, () => resolve(undefined));
  try {
    await promise;
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? cause.code : undefined;
    if (code === 'EADDRINUSE') {
      throw new ScriptProblem(
        `Port ${port} on ${host} is in use. Stop what listens there or choose another: ${setting}`,
        { cause },
      );
    }
    throw new ScriptProblem(`Nobody can listen on ${host}, port ${port}: ${String(cause)}`, { cause });
  } finally {
    server.close();
  }
}

/** The address to type into a browser on this machine. */
export function localUrl(host: string, port: number): string {
  const isEverywhere = host === '0.0.0.0' || host === '::';
  const isLoopback = host === '127.0.0.1' || host === '::1' || host === 'localhost';
  const name = isEverywhere || isLoopback ? 'localhost' : host.includes(':') ? `[${host}]` : host;
  return `http://${name}:${port}`;
}
