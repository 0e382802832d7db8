import { type MigrationInterface, type QueryRunner, Table, type TableColumnOptions } from 'typeorm';

const text = (name: string, length: number): TableColumnOptions => ({ name, type: 'varchar', length: String(length) });
const integer = (name: string): TableColumnOptions => ({ name, type: 'bigint' });
const orNull = (column: TableColumnOptions): TableColumnOptions => ({ ...column, isNullable: true });
const keyOf = (table: string, columns: readonly TableColumnOptions[]): TableColumnOptions[] =>
  columns.map((column) => ({ ...column, isPrimary: true, primaryKeyConstraintName: `pk_${table}` }));

function tables(isPostgres: boolean): Table[] {
  const bytes = (name: string): TableColumnOptions => ({ name, type: isPostgres ? 'bytea' : 'blob' });
  const archive = new Table({
    name: 'history_archive',
    columns: [
      {
        name: 'id',
        type: isPostgres ? 'bigint' : 'integer',
        isPrimary: true,
        isGenerated: true,
        generationStrategy: 'increment',
        primaryKeyConstraintName: 'pk_history_archive',
      },
      text('server', 64),
      text('jail', 64),
      text('address', 64),
      bytes('address_key'),
      { name: 'prefix', type: 'smallint' },
      text('action', 8),
      integer('at'),
      orNull(integer('failed_at')),
      orNull(integer('duration')),
      orNull({ name: 'ban_count', type: 'integer' }),
      orNull({ name: 'failures', type: 'integer' }),
      { name: 'matches', type: 'text' },
      text('origin', 16),
      orNull(text('cause', 16)),
      orNull(text('actor', 64)),
      orNull(text('reason', 500)),
      orNull(text('country', 2)),
      orNull(integer('asn')),
      orNull(text('organisation', 128)),
    ],
    uniques: [{ name: 'uq_history_archive_event', columnNames: ['server', 'jail', 'address', 'action', 'at'] }],
    indices: [
      { name: 'ix_history_archive_at', columnNames: ['at', 'id', 'action', 'jail'] },
      { name: 'ix_history_archive_jail', columnNames: ['jail', 'at', 'id'] },
      { name: 'ix_history_archive_address', columnNames: ['address_key', 'at', 'id'] },
      { name: 'ix_history_archive_country', columnNames: ['country', 'at', 'id'] },
      { name: 'ix_history_archive_asn', columnNames: ['asn', 'at', 'id'] },
      { name: 'ix_history_archive_origin', columnNames: ['origin', 'at', 'id'] },
    ],
  });
  const bucket = [text('grain', 5), integer('bucket')];
  const rollUps = new Table({
    name: 'history_hourly',
    withoutRowid: true,
    columns: [
      ...keyOf('history_hourly', [text('server', 64), text('dimension', 16), ...bucket, text('value', 80)]),
      integer('bans'),
      integer('unbans'),
      integer('failures'),
    ],
  });
  const sketches = new Table({
    name: 'history_sketch',
    columns: [...keyOf('history_sketch', [text('server', 64), ...bucket]), bytes('sketch')],
  });
  const offenders = new Table({
    name: 'history_offender',
    withoutRowid: true,
    columns: [...keyOf('history_offender', [text('server', 64), ...bucket, text('address', 64)]), integer('bans')],
  });
  const counters = new Table({
    name: 'jail_counter',
    withoutRowid: true,
    columns: [...keyOf('jail_counter', [text('server', 64), text('jail', 64), integer('bucket')]), integer('failures')],
    indices: [{ name: 'ix_jail_counter_bucket', columnNames: ['bucket', 'jail', 'failures'] }],
  });
  return [archive, rollUps, sketches, offenders, counters];
}

/** The words of the matched lines: three letters at a time, without the lines themselves, which the archive has. */
const sqliteText = `CREATE VIRTUAL TABLE history_text USING fts5(
  matches, content='', contentless_delete=1, detail=none, tokenize='trigram')`;

/** PostgreSQL's counterpart needs an extension that comes with the server, but that not everybody may switch on. */
const postgresText = [
  'CREATE EXTENSION IF NOT EXISTS pg_trgm',
  'CREATE INDEX ix_history_archive_text ON history_archive USING gin (matches gin_trgm_ops)',
];

/** The archive of bans and unbans with its sums. */
export class Archive1763800200000 implements MigrationInterface {
  readonly name = 'Archive1763800200000';

  async up(runner: QueryRunner): Promise<void> {
    const isPostgres = runner.dataSource.options.type === 'postgres';
    for (const table of tables(isPostgres)) await runner.createTable(table);
    if (!isPostgres) {
      await runner.query(sqliteText);
      return;
    }
    await runner.query('SAVEPOINT text_index');
    try {
      for (const statement of postgresText) await runner.query(statement);
    } catch {
      // Without the extension a search in the lines reads the lines themselves: slower, but the same result.
      await runner.query('ROLLBACK TO SAVEPOINT text_index');
    }
  }

  /** Forward only: a backup is the way back. */
  down(): Promise<void> {
    return Promise.reject(new Error('This migration has no way back; restore a backup.'));
  }
}
