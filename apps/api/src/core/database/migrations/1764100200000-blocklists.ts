import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) });
const integer = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const count = (name: string): TableColumnOptions => ({ name, type: 'integer' });
const long = (name: string): TableColumnOptions => ({ name, type: 'text', isNullable: true });
const orNull = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const key = (table: string, column: TableColumnOptions): TableColumnOptions => ({
  ...column,
  isPrimary: true,
  primaryKeyConstraintName: `pk_${table}`,
});

const sources = new Table({
  name: 'blocklist_source',
  columns: [
    key('blocklist_source', text('id', 36)),
    text('plugin', 64),
    text('name', 80),
    text('feed_name', 64),
    long('config'),
    long('secrets'),
    count('interval_minutes'),
    count('max_change_percent'),
    { name: 'is_enabled', type: 'boolean' },
    count('revision'),
    long('validators'),
    orNull(text('rejected_hash', 64)),
    integer('created_at'),
    integer('changed_at'),
  ],
  uniques: [{ name: 'uq_blocklist_source_feed_name', columnNames: ['feed_name'] }],
  indices: [{ name: 'ix_blocklist_source_created', columnNames: ['created_at', 'id'] }],
});

const runs = new Table({
  name: 'import_run',
  columns: [
    key('import_run', text('id', 36)),
    text('source_id', 36),
    text('trigger', 16),
    text('outcome', 16),
    orNull(text('requested_by', 64)),
    integer('queued_at'),
    orNull(integer('started_at')),
    orNull(integer('finished_at')),
    orNull(integer('token')),
    orNull(text('error', 16)),
    long('message'),
    orNull(integer('retry_at')),
    count('failures'),
    long('funnel'),
  ],
  indices: [
    { name: 'ix_import_run_queued', columnNames: ['queued_at', 'id'] },
    { name: 'ix_import_run_source', columnNames: ['source_id', 'queued_at', 'id'] },
    { name: 'ix_import_run_outcome', columnNames: ['outcome', 'queued_at', 'id'] },
  ],
});

const logs = new Table({
  name: 'import_log',
  columns: [
    key('import_log', text('run_id', 36)),
    key('import_log', count('position')),
    integer('at'),
    text('level', 8),
    text('message', 500),
  ],
});

/** Lists are kept as one packed blob each: a row for each of a million addresses would be a hundred times the size. */
function blobs(isPostgres: boolean): Table[] {
  const bytes = (name: string): TableColumnOptions => ({ name, type: isPostgres ? 'bytea' : 'blob' });
  const snapshots = new Table({
    name: 'blocklist_snapshot',
    columns: [
      key('blocklist_snapshot', text('id', 36)),
      text('source_id', 36),
      text('feed', 64),
      text('state', 8),
      text('content_hash', 64),
      count('ranges'),
      integer('created_at'),
      text('run_id', 36),
      bytes('packed'),
    ],
    uniques: [{ name: 'uq_blocklist_snapshot_feed', columnNames: ['source_id', 'feed', 'state'] }],
  });
  const wanted = new Table({
    name: 'blocklist_wanted',
    columns: [
      key('blocklist_wanted', integer('generation')),
      text('content_hash', 64),
      text('allowed_hash', 64),
      text('inputs_hash', 64),
      integer('at'),
      count('ranges'),
      count('added_ranges'),
      count('removed_ranges'),
      orNull(bytes('blocked')),
      orNull(bytes('allowed')),
      bytes('added'),
      bytes('removed'),
    ],
  });
  return [snapshots, wanted];
}

/** Sources of blocklists, what was downloaded of them, and the set that is to be enforced. */
export class Blocklists1764100200000 implements MigrationInterface {
  readonly name = 'Blocklists1764100200000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    for (const table of [sources, runs, logs, ...blobs(isPostgres)]) await runner.createTable(table);
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
