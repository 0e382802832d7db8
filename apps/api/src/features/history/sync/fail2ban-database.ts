import { Worker } from 'node:worker_threads';
import { type BeforeApplicationShutdown, Injectable } from '@nestjs/common';
import {
  type DatabaseAnswer,
  type DatabaseQuestion,
  type RowKey,
  type RowsOfKey,
} from './fail2ban-database-protocol.ts';

type AnswerTo<Kind> = Extract<DatabaseAnswer, { readonly kind: Kind }>;

/** fail2ban's database cannot be read: absent, not permitted, damaged, or none of fail2ban's. */
export class DatabaseUnreadable extends Error {
  constructor(
    /** Code of SQLite or the system, such as `ENOENT` or `SQLITE_CANTOPEN`. */
    readonly code: string,
    message: string,
  ) {
    super(message);
    this.name = 'DatabaseUnreadable';
  }
}

/** The thread ends after this many milliseconds without a question. */
const idleMs = 20_000;
/** A question that takes longer than this means that the disk hangs. In milliseconds. */
const limitMs = 30_000;

/**
 * Reads fail2ban's database, strictly read-only, in a thread of its own. Each method rejects with
 * {@link DatabaseUnreadable}.
 */
@Injectable()
export class Fail2banDatabase implements BeforeApplicationShutdown {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;
  /** Tail of the queue: one question at a time. */
  private queue: Promise<unknown> = Promise.resolve();
  /** Longest statement that read a page, in milliseconds. */
  longestStatementMs = 0;

  /** The next rows by number. Fewer than before do not mean the end; none do. */
  async page(path: string, after: number): Promise<AnswerTo<'page'>> {
    const answer = await this.ask<'page'>({ kind: 'page', path, after });
    this.longestStatementMs = answer.longestMs;
    return answer;
  }

  /** Rows up to a number, the highest first. */
  identities(path: string, upTo: number, limit: number): Promise<AnswerTo<'identities'>> {
    return this.ask<'identities'>({ kind: 'identities', path, upTo, limit });
  }

  /** What there is of each of these keys, in their order. */
  async rowsOf(path: string, keys: readonly RowKey[]): Promise<readonly RowsOfKey[]> {
    if (keys.length === 0) return [];
    return (await this.ask<'rowsOf'>({ kind: 'rowsOf', path, keys })).keys;
  }

  async beforeApplicationShutdown(): Promise<void> {
    await this.queue;
    await this.end();
  }

  private ask<Kind extends DatabaseQuestion['kind']>(
    question: DatabaseQuestion & { kind: Kind },
  ): Promise<AnswerTo<Kind>> {
    const result = this.queue.then(async () => {
      const answer = await this.exchange(question);
      if (answer.kind === 'error') throw new DatabaseUnreadable(answer.code, answer.message);
      // The thread answers each question with its own kind.
      return answer as AnswerTo<Kind>;
    });
    this.queue = result.catch(() => undefined);
    return result;
  }

  private async exchange(question: DatabaseQuestion): Promise<DatabaseAnswer> {
    clearTimeout(this.idle);
    const worker = (this.worker ??= this.start());
    worker.ref();
    const { promise, resolve } = Promise.withResolvers<DatabaseAnswer>();
    const fail = (error: unknown): void =>
      resolve({ kind: 'error', code: 'THREAD', message: error instanceof Error ? error.message : 'the thread ended' });
    worker.once('message', resolve);
    worker.once('error', fail);
    worker.once('exit', fail);
    const limit = setTimeout(() => void this.end(), limitMs);
    worker.postMessage(question);
    try {
      return await promise;
    } finally {
      clearTimeout(limit);
      worker.off('message', resolve);
      worker.off('error', fail);
      worker.off('exit', fail);
      worker.unref();
      this.idle = setTimeout(() => void this.end(), idleMs).unref();
    }
  }

  private async end(): Promise<void> {
    clearTimeout(this.idle);
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    // Sources run as TypeScript in tests, as JavaScript once built.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./fail2ban-database-worker.${extension}`, import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: 256 },
    });
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    // Whoever waits is told; without anybody waiting there is nothing to tell.
    worker.on('error', () => undefined);
    return worker;
  }
}
