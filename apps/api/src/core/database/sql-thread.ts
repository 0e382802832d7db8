import { Worker } from 'node:worker_threads';
import { handedOver } from './handed-over.ts';
import { type Sql, type SqlValue } from './sql.ts';
import { type SqlAnswer, type SqlRequest, type SqlRequestForEach, type SqlWorkerData } from './sql-worker.ts';

/** The thread ends after this many milliseconds without work, because it keeps about 10 MiB. */
const idleMs = 60_000;

/** Largest heap of the thread in MiB: several times the largest page of the archive. */
const maxHeapMb = 128;

/** SQLite said no, or the thread ended. */
export class SqlFailed extends Error {
  constructor(
    message: string,
    /** SQLite's name of the error, for example `SQLITE_BUSY`. */
    readonly code: string | undefined,
  ) {
    super(message);
    this.name = 'SqlFailed';
  }
}

interface Waiting {
  readonly resolve: (rows: unknown[]) => void;
  readonly reject: (error: Error) => void;
}

/**
 * An SQLite connection in a thread of its own: statements run there one after the other, in the order they were asked for,
 * while this thread goes on. The thread starts with the first statement.
 */
export class SqlThread implements Sql {
  private worker: Worker | undefined;
  private waiting: Waiting[] = [];
  private idle: NodeJS.Timeout | undefined;
  private isHeld = false;
  /** The thread whose transaction is open: another one knows nothing of it. */
  private inTransaction: Worker | undefined;
  private isClosed = false;

  constructor(private readonly data: SqlWorkerData) {}

  async query<Row>(
    sql: string,
    parameters: readonly SqlValue[] = [],
    given: readonly Uint8Array[] = [],
  ): Promise<Row[]> {
    // What the rows are is the caller's knowledge of its own statement.
    return (await this.ask({ sql, parameters }, given.flatMap(handedOver))) as Row[];
  }

  async insertEach(sql: string, rows: readonly (readonly (string | number | null)[])[]): Promise<number[]> {
    // The thread makes them.
    return (await this.ask({ sql, rows: JSON.stringify(rows) }, [])) as number[];
  }

  /**
   * Runs the work in one transaction that takes the write lock at once. The caller sees to it that nobody else queries. When
   * the thread ends meanwhile, every further statement rejects and nothing of it stays.
   */
  async transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    this.isHeld = true;
    try {
      await this.query('BEGIN IMMEDIATE');
      this.inTransaction = this.worker;
      try {
        const result = await work(this);
        await this.query('COMMIT');
        return result;
      } catch (error) {
        // A failed COMMIT may have ended the transaction already; the first error is the one that matters.
        await this.query('ROLLBACK').catch(() => undefined);
        throw error;
      }
    } finally {
      this.isHeld = false;
      this.inTransaction = undefined;
      this.rest();
    }
  }

  /** Ends the thread for good: a statement that runs is answered first, and every later one is refused. */
  async close(): Promise<void> {
    const ended = this.end();
    this.isClosed = true;
    await ended;
  }

  private async end(): Promise<void> {
    clearTimeout(this.idle);
    if (this.waiting.length > 0) await this.query('SELECT 1').catch(() => undefined);
    clearTimeout(this.idle);
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private ask(request: SqlRequest | SqlRequestForEach, given: ArrayBuffer[]): Promise<unknown[]> {
    clearTimeout(this.idle);
    if (this.isClosed) return Promise.reject(new SqlFailed('The database is closed.', undefined));
    if (this.inTransaction && this.worker !== this.inTransaction) {
      return Promise.reject(new SqlFailed('The database thread ended in the middle of a transaction.', undefined));
    }
    const worker = (this.worker ??= this.start());
    const { promise, resolve, reject } = Promise.withResolvers<unknown[]>();
    this.waiting.push({ resolve, reject });
    worker.ref();
    worker.postMessage(request, given);
    return promise;
  }

  private start(): Worker {
    // Sources run as TypeScript in tests, as JavaScript once built.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./sql-worker.${extension}`, import.meta.url), {
      workerData: this.data,
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: maxHeapMb },
    });
    const lost = (error: Error): void => {
      if (this.worker !== worker) return;
      this.worker = undefined;
      for (const { reject } of this.waiting.splice(0)) reject(error);
    };
    worker.on('message', (answer: SqlAnswer) => this.receive(answer));
    worker.once('error', (error: Error) =>
      lost(new SqlFailed(`The database thread failed: ${error.message}`, undefined)),
    );
    worker.once('exit', () => lost(new SqlFailed('The database thread ended.', undefined)));
    return worker;
  }

  private receive(answer: SqlAnswer): void {
    const next = this.waiting.shift();
    if ('rows' in answer) next?.resolve(answer.rows);
    else next?.reject(new SqlFailed(answer.message, answer.code));
    this.rest();
  }

  private rest(): void {
    if (this.waiting.length > 0 || this.isHeld) return;
    this.worker?.unref();
    clearTimeout(this.idle);
    this.idle = setTimeout(() => void this.end(), idleMs).unref();
  }
}
