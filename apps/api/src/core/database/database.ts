import { AsyncLocalStorage } from 'node:async_hooks';
import { type DataSource, type EntityManager, type QueryRunner } from 'typeorm';
import { type Fence, FenceLost, guardStatement } from './fence.ts';
import { type Sql, type SqlValue } from './sql.ts';
import { type SqlThread } from './sql-thread.ts';

/** Which database BanGUI was told to use. */
export type DatabaseKind = 'sqlite' | 'postgres';

/**
 * Opens a transaction. On SQLite it takes the write lock at once: a transaction that starts by reading and then writes
 * would fail when another process wrote in between, and no waiting would help.
 */
export async function beginTransaction(runner: QueryRunner, kind: DatabaseKind): Promise<void> {
  if (kind === 'postgres') return runner.startTransaction();
  await runner.query('BEGIN IMMEDIATE');
  // The driver only knows deferred transactions; these two fields are all it keeps of one.
  Object.assign(runner, { isTransactionActive: true, transactionDepth: 1 });
}

/** SQLite's connections outside of the main thread. */
export interface SqlThreads {
  readonly reader: SqlThread;
  readonly writer: SqlThread;
}

/** The database: many readers, and writes one after the other. Opened by `openDatabase`. */
export class Database {
  /** For long reads: on SQLite in a thread of its own, so that the process goes on answering. */
  readonly reports: Sql;
  private tail: Promise<unknown> = Promise.resolve();
  private closing: Promise<void> | undefined;
  private readonly insideWrite = new AsyncLocalStorage<true>();
  private readonly fences = new AsyncLocalStorage<Fence>();

  constructor(
    /** For reading only. On SQLite a connection of its own, which sees committed rows only. */
    readonly read: DataSource,
    private readonly writer: DataSource,
    readonly kind: DatabaseKind,
    private readonly threads?: SqlThreads,
  ) {
    this.reports = threads?.reader ?? sqlOf(read);
  }

  /**
   * Runs the work in one transaction: committed when it resolves, rolled back when it rejects. Transactions of this
   * process run one after the other, because all of SQLite's share one connection; use only the given manager inside
   * and keep it short. Must not be nested.
   */
  write<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const fence = this.fences.getStore();
    return this.inTurn(() =>
      this.inTransaction(async (manager) => {
        await this.guard(fence, manager);
        return work(manager);
      }),
    );
  }

  /**
   * The same for statements that take long: on SQLite they run in a thread of their own, in the same queue as all other
   * writes. Keep it to about a second all the same, because the others wait.
   */
  writeInBackground<T>(work: (sql: Sql) => Promise<T>): Promise<T> {
    const writer = this.threads?.writer;
    const fence = this.fences.getStore();
    const guarded = async (sql: Sql): Promise<T> => {
      await this.guard(fence, sql);
      return work(sql);
    };
    return this.inTurn(() =>
      writer ? writer.transaction(guarded) : this.inTransaction((manager) => guarded(sqlOf(manager))),
    );
  }

  /**
   * Runs a task so that each of its write transactions, however deep in the code, is guarded: one that begins after the
   * scheduler lock was acquired anew rejects with {@link FenceLost} and writes nothing.
   */
  fenced<T>(fence: Fence, task: () => Promise<T>): Promise<T> {
    return this.fences.run(fence, task);
  }

  /**
   * Makes transactions of several instances that name the same thing run one after the other, until this one ends.
   * On SQLite every write transaction already excludes all others.
   */
  async exclusively(manager: Pick<EntityManager, 'query'> | Sql, name: string): Promise<void> {
    if (this.kind === 'postgres')
      await manager.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`bangui:${name}`]);
  }

  /** Waits for the writes that were asked for, then closes; later ones are refused. */
  close(): Promise<void> {
    return (this.closing ??= this.shutDown());
  }

  private async shutDown(): Promise<void> {
    await this.tail;
    await this.threads?.reader.close();
    await this.threads?.writer.close();
    if (this.read !== this.writer) await this.read.destroy();
    await this.writer.destroy();
  }

  private async guard(fence: Fence | undefined, sql: Pick<EntityManager, 'query'> | Sql): Promise<void> {
    if (!fence) return;
    const rows = await sql.query<unknown>(guardStatement(fence, this.kind));
    if (!Array.isArray(rows) || rows.length === 0) throw new FenceLost(fence.token);
  }

  private inTurn<T>(work: () => Promise<T>): Promise<T> {
    if (this.insideWrite.getStore()) {
      // It would wait for itself for ever.
      return Promise.reject(new Error('Database.write was called inside Database.write; use the given manager.'));
    }
    if (this.closing) return Promise.reject(new Error('The database is closed.'));
    const result = this.tail.then(() => this.insideWrite.run(true, work));
    this.tail = result.catch(() => undefined);
    return result;
  }

  private async inTransaction<T>(work: (manager: EntityManager) => Promise<T>): Promise<T> {
    const runner = this.writer.createQueryRunner();
    try {
      await beginTransaction(runner, this.kind);
      try {
        const result = await work(runner.manager);
        await runner.commitTransaction();
        return result;
      } catch (error) {
        // A failed COMMIT may have ended the transaction already; the first error is the one that matters.
        await runner.rollbackTransaction().catch(() => undefined);
        throw error;
      }
    } finally {
      await runner.release();
    }
  }
}

/** PostgreSQL waits for the server, not for this thread, so its own connections will do. */
function sqlOf(source: Pick<EntityManager, 'query'>): Sql {
  return {
    query: <Row>(sql: string, parameters: readonly SqlValue[] = []) =>
      source.query<Row[]>(
        sql,
        parameters.map((value) => (value instanceof Uint8Array ? Buffer.from(value) : value)),
      ),
  };
}
