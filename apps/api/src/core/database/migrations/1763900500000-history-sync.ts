import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) });
const integer = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const key = (table: string, column: TableColumnOptions): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: `pk_${table}`,
});

const states = new Table({
  name: 'history_sync',
  columns: [
    key('history_sync', text('server', 64)),
    key('history_sync', text('name', 32)),
    { name: 'value', type: 'text', isNullable: true },
  ],
});

const lastBans = new Table({
  name: 'history_last_ban',
  columns: [
    key('history_last_ban', text('server', 64)),
    key('history_last_ban', text('jail', 64)),
    key('history_last_ban', text('address', 64)),
    integer('at'),
    optional(integer('failed_at')),
    optional(integer('duration')),
    optional(integer('ends_at')),
    text('source', 8),
    text('state', 12),
    integer('changed_at'),
  ],
  indices: [
    { name: 'ix_history_last_ban_state', columnNames: ['server', 'state', 'ends_at'] },
    { name: 'ix_history_last_ban_changed', columnNames: ['server', 'changed_at'] },
  ],
});

const intents = new Table({
  name: 'history_intent',
  columns: [
    key('history_intent', text('id', 36)),
    text('server', 64),
    text('kind', 8),
    optional(text('jail', 64)),
    { name: 'networks', type: 'text', isNullable: true },
    text('actor', 64),
    { name: 'reason', type: 'text', isNullable: true },
    integer('created_at'),
    optional(integer('finished_at')),
  ],
  indices: [{ name: 'ix_history_intent_created', columnNames: ['server', 'created_at'] }],
});

/** What is remembered between two looks at fail2ban, and who asked for a ban or unban. */
export class HistorySync1763900500000 implements MigrationInterface {
  readonly name = 'HistorySync1763900500000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [states, lastBans, intents]) await runner.createTable(table);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
