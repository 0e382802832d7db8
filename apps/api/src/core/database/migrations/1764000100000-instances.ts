import { randomUUID } from 'node:crypto';
import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) });
const integer = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const json = (name: string): TableColumnOptions => ({ name, type: 'text', isNullable: true });
const optional = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const key = (table: string, column: TableColumnOptions): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: `pk_${table}`,
});

const installation = new Table({
  name: 'installation',
  columns: [key('installation', { name: 'slot', type: 'integer' }), text('id', 36)],
});

const operations = new Table({
  name: 'operation',
  columns: [
    key('operation', text('id', 36)),
    text('kind', 16),
    text('status', 12),
    integer('started_at'),
    optional(integer('finished_at')),
    json('progress'),
    { name: 'subject', type: 'text', isNullable: true },
    json('outcome'),
    json('error'),
    integer('alive_at'),
  ],
  indices: [{ name: 'ix_operation_started_at', columnNames: ['started_at', 'id'] }],
});

const signInCounts = new Table({
  name: 'sign_in_count',
  columns: [key('sign_in_count', text('key', 64)), { name: 'points', type: 'integer' }, integer('ends_at')],
  indices: [{ name: 'ix_sign_in_count_ends_at', columnNames: ['ends_at'] }],
});

const setupCodes = new Table({
  name: 'setup_code',
  columns: [key('setup_code', text('hash', 64)), integer('created_at')],
});

/** What instances that share the database must agree on: who they are, operations, limits on sign-ins, codes of set-up. */
export class Instances1764000100000 implements MigrationInterface {
  readonly name = 'Instances1764000100000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [installation, operations, signInCounts, setupCodes]) await runner.createTable(table);
    await runner.query(`INSERT INTO installation (slot, id) VALUES (1, '${randomUUID()}')`);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
