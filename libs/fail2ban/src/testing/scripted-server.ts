import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AnswerDecoder } from '../pickle/decode.ts';
import { encodePickle } from '../pickle/encode.ts';
import { END_MARK } from '../pickle/marks.ts';
import { type PickleInput, type PythonValue } from '../pickle/values.ts';

/**
 * What a scripted server does with a request: bytes to send, or something a healthy server would not do. After `hang` it
 * reads nothing more of that connection.
 */
export type Reaction = Buffer | 'hang' | 'close' | { bytes: Buffer; thenClose: true };

/** Bytes of a successful answer. */
export function success(value: PickleInput): Buffer {
  return Buffer.concat([encodePickle([0, value]), END_MARK]);
}

/**
 * A server on a Unix socket that misbehaves on command, for what a real fail2ban cannot be made to do at a given moment.
 * Everything else is tested against the real one.
 */
export class ScriptedServer {
  readonly socketPath: string;
  /** Every request that arrived. */
  readonly requests: PythonValue[] = [];
  /** Pieces in which they arrived: one for each write of a client that waits for the answers. */
  chunks = 0;
  /** Connections that are open now. */
  readonly connections = new Set<Socket>();
  /** Connections there have ever been. */
  accepted = 0;
  /** What to do with the next requests. */
  react: (request: PythonValue, socket: Socket) => Reaction;
  readonly #server: Server;
  readonly #dir: string;

  private constructor(dir: string, react: (request: PythonValue, socket: Socket) => Reaction) {
    this.#dir = dir;
    this.socketPath = join(dir, 's');
    this.react = react;
    this.#server = createServer((socket) => this.#accept(socket));
  }

  static async start(react: (request: PythonValue, socket: Socket) => Reaction): Promise<ScriptedServer> {
    const server = new ScriptedServer(await mkdtemp(join(tmpdir(), 'f2s-')), react);
    server.#server.listen(server.socketPath);
    await once(server.#server, 'listening');
    return server;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const socket of this.connections) socket.destroy();
    this.#server.close();
    await rm(this.#dir, { recursive: true, force: true });
  }

  #accept(socket: Socket): void {
    this.accepted += 1;
    this.connections.add(socket);
    socket.on('close', () => this.connections.delete(socket));
    socket.on('error', () => socket.destroy());
    let decoder = new AnswerDecoder();
    let isHanging = false;
    socket.on('data', (chunk: Buffer) => {
      this.chunks += 1;
      for (let rest = chunk; rest.length > 0 && !isHanging && !socket.destroyed;) {
        // A goodbye is no pickle; the client sends nothing after it.
        if (rest.toString('latin1').startsWith('<F2B_CLOSE')) return void socket.destroy();
        const request = decoder.push(rest);
        if (!request) return;
        rest = request.rest;
        decoder = new AnswerDecoder();
        this.requests.push(request.value);
        const reaction = this.react(request.value, socket);
        if (reaction === 'close') socket.destroy();
        else if (Buffer.isBuffer(reaction)) socket.write(reaction);
        else if (reaction === 'hang') isHanging = true;
        else return void socket.end(reaction.bytes);
      }
    });
  }
}
