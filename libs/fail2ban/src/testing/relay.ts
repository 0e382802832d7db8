import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createConnection, createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A relay in front of a real server that can stop an answer at an exact byte. */
export interface Relay {
  socketPath: string;
  /**
   * Calls `then` once, when this many bytes of answers have passed. Until it is done no more are let through, and nobody is
   * let in, as if the server had no socket.
   */
  pauseAfter(bytes: number, then: () => Promise<void>): void;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts a relay to a server's socket. */
export async function startRelay(target: string): Promise<Relay> {
  const dir = await mkdtemp(join(tmpdir(), 'f2r-'));
  const socketPath = join(dir, 'r');
  const sockets = new Set<Socket>();
  let left = Infinity;
  let then: (() => Promise<void>) | undefined;
  const server = createServer((near) => {
    const far = createConnection({ path: target });
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('close', () => sockets.delete(socket));
    }
    near.on('data', (chunk) => far.write(chunk));
    far.on('data', (chunk: Buffer) => {
      const pass = chunk.subarray(0, left);
      left -= pass.length;
      near.write(pass);
      if (left > 0 || !then) return;
      far.pause();
      const act = then;
      then = undefined;
      left = Infinity;
      server.close();
      // What the server had sent before goes on after it.
      void act().then(() => {
        server.listen(socketPath);
        near.write(chunk.subarray(pass.length));
        far.resume();
      });
    });
    for (const [one, other] of [
      [near, far],
      [far, near],
    ] as const) {
      one.on('error', () => other.destroy());
      one.on('close', () => other.destroy());
    }
  });
  server.listen(socketPath);
  await once(server, 'listening');
  return {
    socketPath,
    pauseAfter: (bytes, act) => {
      left = bytes;
      then = act;
    },
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      server.close();
      await rm(dir, { recursive: true, force: true });
    },
  };
}
