import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length: number, isNullable = false): TableColumnOptions => ({
  name,
  type: 'varchar',
  length: String(length),
  isNullable,
});

const keyOf = (table: string, columns: readonly TableColumnOptions[]): TableColumnOptions[] =>
  columns.map((column) => ({ ...column, isPrimary: true, primaryKeyConstraintName: `pk_${table}` }));

const versions = new Table({
  name: 'config_version',
  columns: [
    ...keyOf('config_version', [text('server', 64), { name: 'number', type: 'integer' }]),
    { name: 'at', type: 'bigint' },
    text('kind', 16),
    text('actor', 64),
    text('comment', 500),
    { name: 'restored', type: 'integer', isNullable: true },
  ],
});

const versionFiles = new Table({
  name: 'config_version_file',
  columns: [
    ...keyOf('config_version_file', [text('server', 64), { name: 'number', type: 'integer' }, text('path', 255)]),
    { name: 'before', type: 'text', isNullable: true },
    { name: 'after', type: 'text', isNullable: true },
  ],
  indices: [{ name: 'ix_config_version_file_path', columnNames: ['server', 'path', 'number'] }],
});

const ownedFiles = new Table({
  name: 'config_owned_file',
  columns: [
    ...keyOf('config_owned_file', [text('server', 64), text('path', 255)]),
    text('how', 16),
    { name: 'since', type: 'bigint' },
    text('actor', 64),
  ],
});

const transactions = new Table({
  name: 'config_transaction',
  columns: [
    ...keyOf('config_transaction', [text('server', 64)]),
    text('id', 36),
    text('state', 16),
    { name: 'holder', type: 'text' },
    { name: 'started_at', type: 'bigint' },
    { name: 'renewed_at', type: 'bigint' },
    text('kind', 16),
    text('actor', 64),
    text('comment', 500),
    { name: 'restored', type: 'integer', isNullable: true },
    { name: 'files', type: 'text' },
    { name: 'problem', type: 'text', isNullable: true },
  ],
});

/** Versions of fail2ban's configuration, the files that are BanGUI's, and the change that is under way. */
export class Configuration1764500000000 implements MigrationInterface {
  readonly name = 'Configuration1764500000000';

  async up(runner: QueryRunner): Promise<void> {
    for (const table of [versions, versionFiles, ownedFiles, transactions]) await runner.createTable(table);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
