import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';
import { type DatabaseKind } from '../../core/database/database.ts';
import { type TablePerKind } from '../../core/database/table-per-kind.ts';

const server: EntitySchemaColumnOptions = { type: 'varchar', length: 64 };
const integer: EntitySchemaColumnOptions = integerColumn;
const text = (length: number): EntitySchemaColumnOptions => ({ type: 'varchar', length });
const bytes = (kind: DatabaseKind): EntitySchemaColumnOptions => ({ type: kind === 'postgres' ? 'bytea' : 'blob' });
const orNull = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true });
const keyOf = (name: string, column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({
  ...column,
  primary: true,
  primaryKeyConstraintName: name,
});

/** Every ban and unban. The rows are read and written with SQL of the repositories beside this file. */
const archive: TablePerKind = {
  describe: (kind) =>
    new EntitySchema({
      name: 'history_archive',
      columns: {
        // On SQLite this must be the row id, and only `integer` is; on PostgreSQL it has to last for ever.
        id: {
          type: kind === 'postgres' ? 'bigint' : 'integer',
          generated: 'increment',
          primary: true,
          primaryKeyConstraintName: 'pk_history_archive',
        },
        server,
        jail: text(64),
        address: text(64),
        address_key: bytes(kind),
        prefix: { type: 'smallint' },
        action: text(8),
        at: integer,
        failed_at: orNull(integer),
        duration: orNull(integer),
        ban_count: orNull({ type: 'integer' }),
        failures: orNull({ type: 'integer' }),
        matches: { type: 'text' },
        origin: text(16),
        cause: orNull(text(16)),
        actor: orNull(text(64)),
        reason: orNull(text(500)),
        country: orNull(text(2)),
        asn: orNull(integer),
        organisation: orNull(text(128)),
      },
      uniques: [{ name: 'uq_history_archive_event', columns: ['server', 'jail', 'address', 'action', 'at'] }],
      indices: [
        // The last two let the trend of a day be read from the index alone.
        { name: 'ix_history_archive_at', columns: ['at', 'id', 'action', 'jail'] },
        { name: 'ix_history_archive_jail', columns: ['jail', 'at', 'id'] },
        { name: 'ix_history_archive_address', columns: ['address_key', 'at', 'id'] },
        { name: 'ix_history_archive_country', columns: ['country', 'at', 'id'] },
        { name: 'ix_history_archive_asn', columns: ['asn', 'at', 'id'] },
        { name: 'ix_history_archive_origin', columns: ['origin', 'at', 'id'] },
        // PostgreSQL's index over the matched lines is none that TypeORM could make.
        { name: 'ix_history_archive_text', columns: ['matches'], synchronize: false },
      ],
    }),
};

/** Sums by hour, day and month, of one dimension each; see `roll-up.ts`. */
const rollUps: TablePerKind = {
  describe: () =>
    new EntitySchema({
      name: 'history_hourly',
      withoutRowid: true,
      columns: {
        server: keyOf('pk_history_hourly', server),
        dimension: keyOf('pk_history_hourly', text(16)),
        grain: keyOf('pk_history_hourly', text(5)),
        bucket: keyOf('pk_history_hourly', integer),
        value: keyOf('pk_history_hourly', text(80)),
        bans: integer,
        unbans: integer,
        failures: integer,
      },
    }),
};

/** Which addresses were banned in an hour, day or month, as a sketch. Apart from the sums, which are read far more often. */
const sketches: TablePerKind = {
  describe: (kind) =>
    new EntitySchema({
      name: 'history_sketch',
      columns: {
        server: keyOf('pk_history_sketch', server),
        grain: keyOf('pk_history_sketch', text(5)),
        bucket: keyOf('pk_history_sketch', integer),
        sketch: bytes(kind),
      },
    }),
};

/** Bans by address and day, week or month; of a bucket that is over only those with the most bans stay. */
const offenders: TablePerKind = {
  describe: () =>
    new EntitySchema({
      name: 'history_offender',
      withoutRowid: true,
      columns: {
        server: keyOf('pk_history_offender', server),
        grain: keyOf('pk_history_offender', text(5)),
        bucket: keyOf('pk_history_offender', integer),
        address: keyOf('pk_history_offender', text(64)),
        bans: integer,
      },
    }),
};

/** Failures that jails have seen, in steps of five minutes. */
const counters: TablePerKind = {
  describe: () =>
    new EntitySchema({
      name: 'jail_counter',
      withoutRowid: true,
      indices: [{ name: 'ix_jail_counter_bucket', columns: ['bucket', 'jail', 'failures'] }],
      columns: {
        server: keyOf('pk_jail_counter', server),
        bucket: keyOf('pk_jail_counter', integer),
        jail: keyOf('pk_jail_counter', text(64)),
        failures: integer,
      },
    }),
};

/** The archive's tables. */
export const historyTables: readonly TablePerKind[] = [archive, rollUps, sketches, offenders, counters];
