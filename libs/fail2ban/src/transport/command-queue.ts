import { performance } from 'node:perf_hooks';
import { AnswerNotUnderstood, Fail2banAborted, Fail2banOffline } from '../errors.ts';
import { CLOSE_MARK, END_MARK } from '../pickle/marks.ts';
import { type PythonValue } from '../pickle/values.ts';
import { takeGroup } from './group.ts';
import { Job, type Command } from './job.ts';
import { offlineError } from './offline.ts';
import { Session } from './session.ts';

/** Where and how to connect. */
export interface QueueOptions {
  socketPath: string;
  /** Bytes of one answer. */
  maxAnswerBytes: number;
  /** How long a server that was there may be gone before a command fails, in milliseconds. */
  connectMs: number;
}

/** What fail2ban is working on for us. */
export interface InFlight {
  /** Short name, such as `status web`. */
  command: string;
  /** When it was sent, by `performance.now()`. */
  startedAt: number;
  /** How long the answer may take from then on, in milliseconds. */
  limitMs: number;
}

/** Errors after which connecting again may help: the server restarts, or too many clients wait for it. */
const WORTH_RETRYING = new Set(['ENOENT', 'ECONNREFUSED', 'EAGAIN', 'ECONNRESET']);
const FIRST_PAUSE_MS = 5;
const LONGEST_PAUSE_MS = 200;
/** A server that dies of a command must not be killed by it again and again. */
const MAX_LOSSES = 3;

/**
 * Sends commands in their order over one kept connection, and the next when all that was sent is answered. Short questions
 * that wait one behind the other are sent together, in one write. fail2ban has one thread, so a second connection would gain
 * nothing, and a program that leaks connections kills it: at about 1,020 open ones it shuts down.
 */
export class CommandQueue {
  readonly #options: QueueOptions;
  /** Not sent, or to be sent again. */
  readonly #jobs: Job[] = [];
  /** Sent with the last write, answered or not. */
  #sent: readonly Job[] = [];
  readonly #listeners = new Set<(connected: boolean) => void>();
  #session: Session | undefined;
  /** Sessions that were closed on purpose; their end says nothing about the server. */
  readonly #dropped = new WeakSet<Session>();
  #isRunning = false;
  #isClosed = false;
  /** False after a failed connect, so that commands then fail at once instead of waiting one after the other. */
  #isReachable = true;
  #toldConnected = false;
  #generation = 0;

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get inFlight(): InFlight | undefined {
    // Those of one write are answered in turn.
    const job = this.#sent.find((each) => !each.isSettled());
    if (job?.sentAt === undefined) return undefined;
    return { command: job.command.name, startedAt: job.sentAt, limitMs: job.limitWhenSentMs };
  }

  /** Commands that wait for their turn. */
  get queued(): number {
    return this.#jobs.length;
  }

  /** Number of the connection, counted from 1; what was learned about a server holds for one connection only. */
  get generation(): number {
    return this.#generation;
  }

  /** Calls back when the kept connection is made (true) or lost (false). @returns stops calling */
  onConnectionChange(listener: (connected: boolean) => void): () => void {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /**
   * Sends a command when its turn has come.
   * @throws {Fail2banOffline | Fail2banTimeout | Fail2banAborted | AnswerNotUnderstood}
   */
  run(command: Command): Promise<PythonValue> {
    if (this.#isClosed) return Promise.reject(new Fail2banOffline('The client is closed.'));
    if (command.signal?.aborted) {
      return Promise.reject(new Fail2banAborted(command.name, false, command.signal.reason));
    }
    const job = new Job(command);
    job.onSettled = () => this.#forget(job);
    this.#jobs.push(job);
    if (!this.#isRunning) void this.#work();
    return job.promise;
  }

  /** Refuses what waits, drops what is in flight, and says goodbye. */
  close(): void {
    this.#isClosed = true;
    for (const job of this.#jobs.splice(0)) job.fail(new Fail2banOffline('The client was closed.'));
    for (const job of this.#sent) job.fail(new Fail2banOffline('The client was closed.', { sent: true }));
    const session = this.#session;
    this.#session = undefined;
    if (!session) return;
    this.#dropped.add(session);
    session.farewell(Buffer.concat([CLOSE_MARK, END_MARK]));
  }

  /** A job that was settled before it was sent leaves the queue. */
  #forget(job: Job): void {
    const index = this.#jobs.indexOf(job);
    if (index >= 0) this.#jobs.splice(index, 1);
  }

  async #work(): Promise<void> {
    this.#isRunning = true;
    for (let job = this.#jobs[0]; job; job = this.#jobs[0]) {
      const session = await this.#connected(job);
      if (session) await this.#exchange(session, takeGroup(this.#jobs));
    }
    this.#isRunning = false;
  }

  /** Never throws: the outcome goes to the jobs. */
  async #exchange(session: Session, group: readonly Job[]): Promise<void> {
    if (group.length === 0) return;
    this.#sent = group;
    const questions = group.map((job) => {
      // Its late answer would be taken for the next one's.
      job.onSettled = () => this.#drop(session);
      job.markSent();
      const answered = (value: PythonValue): void => {
        job.onSettled = undefined;
        job.succeed(value);
      };
      return { request: job.command.request, answered };
    });
    try {
      await session.exchange(questions);
    } catch (error) {
      this.#takeBack(group, session, error);
    }
    this.#sent = [];
  }

  /** Puts what was not answered in front of the queue again, where that is allowed. */
  #takeBack(group: readonly Job[], session: Session, error: unknown): void {
    const unanswered = group.filter((job) => !job.isSettled());
    for (const job of unanswered) job.onSettled = () => this.#forget(job);
    if (error instanceof AnswerNotUnderstood) {
      unanswered.shift()?.fail(error);
    } else if (!this.#dropped.has(session)) {
      // Any of them may be what the server died of.
      for (const job of unanswered) job.losses += 1;
    }
    for (const job of unanswered.toReversed()) {
      if (job.command.isRepeatable && job.losses < MAX_LOSSES) this.#jobs.unshift(job);
      else job.fail(new Fail2banOffline('The connection to fail2ban was lost.', { sent: true, cause: error }));
    }
  }

  /** The open session, made if there is none; undefined when the job ended meanwhile. */
  async #connected(job: Job): Promise<Session | undefined> {
    const { socketPath, maxAnswerBytes, connectMs } = this.#options;
    const startedAt = performance.now();
    for (let pause = FIRST_PAUSE_MS; !job.isSettled(); pause = Math.min(pause * 2, LONGEST_PAUSE_MS)) {
      if (this.#session?.isOpen) return this.#session;
      try {
        const session = await Session.open(socketPath, maxAnswerBytes, (closed) => this.#lost(closed));
        if (this.#isClosed) {
          session.destroy();
          return undefined;
        }
        this.#session = session;
        this.#generation += 1;
        this.#isReachable = true;
        this.#tell(true);
        return session;
      } catch (error) {
        const reason = errorCode(error);
        // A crowded socket is a sign of life, so it is worth a little wait even when the server was thought gone.
        const patience = this.#isReachable ? connectMs : reason === 'EAGAIN' ? connectMs / 4 : 0;
        // Between half and all of the pause, so that several clients do not come back in step.
        const wait = pause * (0.5 + Math.random() / 2);
        if (!WORTH_RETRYING.has(reason ?? '') || performance.now() + wait - startedAt > patience) {
          this.#isReachable = false;
          this.#tell(false);
          job.fail(offlineError(socketPath, reason, job.sentAt !== undefined, error));
          return undefined;
        }
        await pauseUnlessSettled(job, wait);
      }
    }
    return undefined;
  }

  /** Closes the connection of a command that was given up. The server is not said to be lost: it is told by the next one. */
  #drop(session: Session): void {
    this.#dropped.add(session);
    if (this.#session === session) this.#session = undefined;
    this.#sent = [];
    session.destroy();
  }

  #lost(session: Session): void {
    if (this.#session === session) this.#session = undefined;
    if (!this.#dropped.has(session)) this.#tell(false);
  }

  #tell(connected: boolean): void {
    if (this.#toldConnected === connected) return;
    this.#toldConnected = connected;
    // Not from within our own work, which a listener that throws would break.
    for (const listener of this.#listeners) queueMicrotask(() => listener(connected));
  }
}

/** Waits, but not longer than the job lives. */
function pauseUnlessSettled(job: Job, ms: number): Promise<void> {
  return new Promise((resolve) => {
    const { onSettled } = job;
    const timer = setTimeout(() => {
      job.onSettled = onSettled;
      resolve();
    }, ms);
    job.onSettled = () => {
      clearTimeout(timer);
      onSettled?.();
      resolve();
    };
  });
}

function errorCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
