import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { integerColumn } from '../../../core/database/columns.ts';
import { type DatabaseKind } from '../../../core/database/database.ts';
import { type TablePerKind } from '../../../core/database/table-per-kind.ts';

const text = (length: number): EntitySchemaColumnOptions => ({ type: 'varchar', length });
const count: EntitySchemaColumnOptions = { type: 'integer' };
const integer: EntitySchemaColumnOptions = integerColumn;
const bytes = (kind: DatabaseKind): EntitySchemaColumnOptions => ({ type: kind === 'postgres' ? 'bytea' : 'blob' });

/** What a feed held when it was last downloaded: one packed set, never changed. `held` waits for an administrator. */
const snapshots: TablePerKind = {
  describe: (kind) =>
    new EntitySchema({
      name: 'blocklist_snapshot',
      columns: {
        id: { ...text(36), primary: true, primaryKeyConstraintName: 'pk_blocklist_snapshot' },
        source_id: text(36),
        feed: text(64),
        state: text(8),
        content_hash: text(64),
        ranges: count,
        created_at: integer,
        run_id: text(36),
        packed: bytes(kind),
      },
      uniques: [{ name: 'uq_blocklist_snapshot_feed', columns: ['source_id', 'feed', 'state'] }],
    }),
};

/** The set to enforce by generation: whole for the newest, and for each what it changed. */
const wanted: TablePerKind = {
  describe: (kind) =>
    new EntitySchema({
      name: 'blocklist_wanted',
      columns: {
        generation: { ...integer, primary: true, primaryKeyConstraintName: 'pk_blocklist_wanted' },
        content_hash: text(64),
        allowed_hash: text(64),
        inputs_hash: text(64),
        at: integer,
        ranges: count,
        added_ranges: count,
        removed_ranges: count,
        blocked: { ...bytes(kind), nullable: true },
        allowed: { ...bytes(kind), nullable: true },
        added: bytes(kind),
        removed: bytes(kind),
      },
    }),
};

/** Tables with packed sets; they are read and written with SQL of the repositories beside this file. */
export const packedTables: readonly TablePerKind[] = [snapshots, wanted];
