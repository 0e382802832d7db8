import { createConnection, type Socket } from 'node:net';
import { AnswerNotUnderstood } from '../errors.ts';
import { AnswerDecoder } from '../pickle/decode.ts';
import { type PythonValue } from '../pickle/values.ts';

/** The connection went away; the cause, when there is one, is the error of the socket. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

interface Waiting {
  decoder: AnswerDecoder;
  resolve: (value: PythonValue) => void;
  reject: (error: unknown) => void;
}

/** One open connection to fail2ban's socket, for one exchange at a time. */
export class Session {
  readonly #socket: Socket;
  readonly #maxAnswerBytes: number;
  #waiting: Waiting | undefined;
  #error: unknown;
  #isOpen = true;

  private constructor(socket: Socket, maxAnswerBytes: number, onClose: (session: Session) => void) {
    this.#socket = socket;
    this.#maxAnswerBytes = maxAnswerBytes;
    socket.on('data', (chunk: Buffer) => this.#receive(chunk));
    socket.on('error', (error) => (this.#error = error));
    // The server has closed its half: nothing more will come, and a write would be lost.
    socket.on('end', () => this.#fail(new ConnectionLost('The server closed the connection.')));
    socket.on('close', () => {
      this.#fail(new ConnectionLost('The connection was lost.', { cause: this.#error }));
      onClose(this);
    });
  }

  /**
   * Connects.
   * @param onClose called once when the connection is gone, for whatever reason
   * @throws the socket's error (`ENOENT`, `ECONNREFUSED`, `EACCES`, `EAGAIN`, ...)
   */
  static open(socketPath: string, maxAnswerBytes: number, onClose: (session: Session) => void): Promise<Session> {
    return new Promise((resolve, reject) => {
      const socket = createConnection({ path: socketPath });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Session(socket, maxAnswerBytes, onClose));
      });
    });
  }

  /** Whether an exchange can be started. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * Sends a request and waits for its answer. Has no limit of its own: {@link destroy} ends it.
   * @throws {ConnectionLost} when the connection goes away first
   * @throws {AnswerNotUnderstood} for an undecodable answer; the connection is closed then, as its place in the stream is lost
   */
  exchange(request: Buffer): Promise<PythonValue> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen || this.#waiting) {
        reject(new ConnectionLost('The connection cannot take a request.'));
        return;
      }
      this.#waiting = { decoder: new AnswerDecoder({ maxBytes: this.#maxAnswerBytes }), resolve, reject };
      this.#socket.write(request);
    });
  }

  /** Closes at once. The server may still carry out what was sent. */
  destroy(): void {
    this.#fail(new ConnectionLost('The connection was closed.'));
  }

  /** Sends a last word and closes when it is out; nothing is read any more. */
  farewell(lastWord: Buffer): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    this.#socket.end(lastWord);
    // The server answers a goodbye by closing; one that hangs must not keep this process alive.
    this.#socket.unref();
  }

  #receive(chunk: Buffer): void {
    const waiting = this.#waiting;
    if (!waiting) {
      // Nothing was asked; whatever this is would be taken for the next answer.
      this.destroy();
      return;
    }
    // The decoder only throws its own typed error.
    try {
      const answer = waiting.decoder.push(chunk);
      if (!answer) return;
      this.#waiting = undefined;
      waiting.resolve(answer.value);
    } catch (error) {
      this.#fail(
        error instanceof AnswerNotUnderstood ? error : new AnswerNotUnderstood('Unreadable answer.', { cause: error }),
      );
    }
  }

  #fail(error: unknown): void {
    this.#isOpen = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
    this.#socket.destroy();
  }
}
