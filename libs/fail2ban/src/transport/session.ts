import { createConnection, type Socket } from 'node:net';
import { AnswerNotUnderstood } from '../errors.ts';
import { AnswerDecoder } from '../pickle/decode.ts';
import { type PythonValue } from '../pickle/values.ts';

const NOTHING = Buffer.alloc(0);

/** The connection went away; the cause, when there is one, is the error of the socket. */
export class ConnectionLost extends Error {
  override readonly name = 'ConnectionLost';
}

/** A request and what to do with its answer. */
export interface Question {
  /** The encoded request. */
  request: Buffer;
  /** Takes the answer; must not throw. */
  answered: (value: PythonValue) => void;
}

interface Waiting {
  /** Not yet answered, in the order in which they were sent. */
  questions: Question[];
  resolve: () => void;
  reject: (error: unknown) => void;
}

/** One open connection to fail2ban's socket, for one exchange at a time. */
export class Session {
  readonly #socket: Socket;
  readonly #maxAnswerBytes: number;
  #waiting: Waiting | undefined;
  /** Of the answer that has begun to arrive. */
  #decoder: AnswerDecoder | undefined;
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
   * Sends requests in one write and waits for the answer of each; fail2ban gives them in the same order. Has no limit of its
   * own: {@link destroy} ends it. What was not answered when it rejects will not be.
   * @throws {ConnectionLost} when the connection goes away first
   * @throws {AnswerNotUnderstood} for an undecodable answer, which is that of the first question without one; the connection
   *   is closed then, as its place in the stream is lost
   */
  exchange(questions: readonly Question[]): Promise<void> {
    return new Promise((resolve, reject) => {
      if (!this.#isOpen || this.#waiting) {
        reject(new ConnectionLost('The connection cannot take a request.'));
        return;
      }
      this.#waiting = { questions: [...questions], resolve, reject };
      this.#socket.write(Buffer.concat(questions.map(({ request }) => request)));
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
    // The decoder only throws its own typed error.
    try {
      for (let rest = chunk; rest.length > 0;) rest = this.#read(rest);
    } catch (error) {
      this.#fail(
        error instanceof AnswerNotUnderstood ? error : new AnswerNotUnderstood('Unreadable answer.', { cause: error }),
      );
    }
  }

  /** Reads one answer, or a part of it, and gives what is left of the bytes. @throws {AnswerNotUnderstood} */
  #read(bytes: Buffer): Buffer {
    const waiting = this.#waiting;
    // Nothing was asked; whatever this is would be taken for the next answer.
    if (!waiting) throw new AnswerNotUnderstood('fail2ban answered without having been asked.');
    this.#decoder ??= new AnswerDecoder({ maxBytes: this.#maxAnswerBytes });
    const answer = this.#decoder.push(bytes);
    if (!answer) return NOTHING;
    this.#decoder = undefined;
    const isLast = waiting.questions.length === 1;
    if (isLast && answer.rest.length > 0) throw new AnswerNotUnderstood('There are bytes after the last answer.');
    waiting.questions.shift()?.answered(answer.value);
    if (isLast) {
      this.#waiting = undefined;
      waiting.resolve();
    }
    return answer.rest;
  }

  #fail(error: unknown): void {
    this.#isOpen = false;
    const waiting = this.#waiting;
    this.#waiting = undefined;
    waiting?.reject(error);
    this.#socket.destroy();
  }
}
