import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) });
const integer = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const long = (name: string): TableColumnOptions => ({ name, type: 'text', isNullable: true });
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const key = (table: string, column: TableColumnOptions): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: `pk_${table}`,
});

const locks = new Table({
  name: 'scheduler_lock',
  columns: [
    // Always 1: there is one lock.
    key('scheduler_lock', { name: 'id', type: 'integer' }),
    text('instance_id', 36),
    text('host', 255),
    integer('pid'),
    optional(text('process_start', 32)),
    optional(text('boot_id', 64)),
    optional(text('pid_namespace', 64)),
    integer('token'),
    integer('acquired_at'),
    integer('heartbeat_at'),
    optional(integer('heartbeat_monotonic')),
    integer('ttl_ms'),
  ],
});

const fences = new Table({
  name: 'scheduler_fence',
  columns: [key('scheduler_fence', { name: 'id', type: 'integer' }), integer('token')],
});

const tasks = (isPostgres: boolean): Table =>
  new Table({
    name: 'task',
    columns: [
      key('task', text('id', 64)),
      { name: 'is_paused', type: 'boolean', default: isPostgres ? false : 0 },
      long('schedule'),
      optional(integer('requested_at')),
      optional(text('requested_by', 64)),
    ],
  });

const runs = new Table({
  name: 'task_run',
  columns: [
    key('task_run', text('id', 36)),
    text('task', 64),
    text('trigger', 16),
    text('outcome', 16),
    integer('started_at'),
    optional(integer('duration_ms')),
    long('error'),
    long('result'),
    long('progress'),
    integer('token'),
    text('instance_id', 36),
    optional(text('requested_by', 64)),
  ],
  indices: [
    { name: 'ix_task_run_task', columnNames: ['task', 'started_at', 'id'] },
    { name: 'ix_task_run_outcome', columnNames: ['outcome', 'token'] },
  ],
});

/** The scheduler's lock, its fence, and the runs of its tasks. */
export class Scheduler1764000000000 implements MigrationInterface {
  readonly name = 'Scheduler1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    for (const table of [locks, fences, tasks(isPostgres), runs]) await runner.createTable(table);
    await runner.query('INSERT INTO scheduler_fence (id, token) VALUES (1, 0)');
    if (isPostgres) return;
    // SQLite has no statement that writes two tables; with these, taking the lock and raising the fence are one all the same.
    for (const [name, event] of [
      ['taken', 'INSERT'],
      ['retaken', 'UPDATE OF token'],
    ]) {
      await runner.query(
        `CREATE TRIGGER scheduler_lock_${name} AFTER ${event} ON scheduler_lock BEGIN
           UPDATE scheduler_fence SET token = NEW.token WHERE id = 1 AND token < NEW.token;
         END`,
      );
    }
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
