import { performance } from 'node:perf_hooks';
import { Fail2banAborted, Fail2banTimeout, type Fail2banError } from '../errors.ts';
import { type PythonValue } from '../pickle/values.ts';

/** One command on its way. */
export interface Command {
  /** Short name for messages, such as `status web`. Never holds more than the first words. */
  name: string;
  /** The encoded request. */
  request: Buffer;
  /** Most milliseconds: for a repeatable command from now, for any other from when it is sent. */
  limitMs: number;
  /** Whether sending it twice does no harm, that is, whether it only reads. */
  isRepeatable: boolean;
  /** Whether it is a question that fail2ban answers in no time and few bytes; such go out together. Implies `isRepeatable`. */
  isShort: boolean;
  signal?: AbortSignal | undefined;
}

/** A queued or running command and the promise somebody waits on. */
export class Job {
  readonly command: Command;
  readonly promise: Promise<PythonValue>;
  /** When it was sent, by `performance.now()`; undefined while it waits. */
  sentAt: number | undefined;
  /** How often the server has gone away while it was sent and not answered. */
  losses = 0;
  /** Called once when the job is over, whatever the outcome. */
  onSettled: (() => void) | undefined;
  #isSettled = false;
  readonly #resolve: (value: PythonValue) => void;
  readonly #reject: (error: unknown) => void;
  #timer: NodeJS.Timeout | undefined;
  #timerStartedAt = 0;
  readonly #onAbort = () =>
    this.fail(new Fail2banAborted(this.command.name, this.sentAt !== undefined, this.command.signal?.reason));

  constructor(command: Command) {
    this.command = command;
    const { promise, resolve, reject } = Promise.withResolvers<PythonValue>();
    this.promise = promise;
    this.#resolve = resolve;
    this.#reject = reject;
    command.signal?.addEventListener('abort', this.#onAbort, { once: true });
    // A reader must not wait longer than its limit, whatever it waits for; a writer's limit is for fail2ban's work only.
    if (command.isRepeatable) this.#startTimer();
  }

  /** Whether the outcome is decided; a method, as it changes while its caller waits. */
  isSettled(): boolean {
    return this.#isSettled;
  }

  /** Milliseconds that fail2ban has left to answer, as of when the command was sent. */
  get limitWhenSentMs(): number {
    return this.sentAt === undefined
      ? this.command.limitMs
      : this.command.limitMs - (this.sentAt - this.#timerStartedAt);
  }

  /** Notes that the command is being sent. */
  markSent(): void {
    if (this.#timer === undefined) this.#startTimer();
    this.sentAt = this.command.isRepeatable ? performance.now() : this.#timerStartedAt;
  }

  succeed(value: PythonValue): void {
    if (this.#settle()) this.#resolve(value);
  }

  fail(error: Fail2banError): void {
    if (this.#settle()) this.#reject(error);
  }

  #startTimer(): void {
    this.#timerStartedAt = performance.now();
    this.#timer = setTimeout(() => this.fail(this.#timeout()), this.command.limitMs);
  }

  #timeout(): Fail2banTimeout {
    const { name, limitMs } = this.command;
    if (this.sentAt === undefined) return new Fail2banTimeout(name, limitMs, false);
    return new Fail2banTimeout(name, limitMs, true, performance.now() - this.sentAt);
  }

  #settle(): boolean {
    if (this.#isSettled) return false;
    this.#isSettled = true;
    clearTimeout(this.#timer);
    this.command.signal?.removeEventListener('abort', this.#onAbort);
    this.onSettled?.();
    return true;
  }
}
