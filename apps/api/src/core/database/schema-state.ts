import { type DataSource, type QueryRunner } from 'typeorm';

/** A database's schema, as names of migrations in the order in which they are made. */
export interface SchemaState {
  readonly applied: readonly string[];
  /** Known to this program and not made yet. */
  readonly missing: readonly string[];
  /** Made by a newer program. */
  readonly unknown: readonly string[];
}

/** Compares what was migrated with what this program knows. Only reads. */
export async function schemaOf(source: DataSource, runner: QueryRunner): Promise<SchemaState> {
  const known = source.migrations.map((migration) => migration.name ?? migration.constructor.name);
  // What the rows are is known of this statement; the driver does not say.
  const rows = (
    (await runner.hasTable('migration')) ? await runner.query('SELECT name FROM migration ORDER BY id') : []
  ) as readonly { readonly name: string }[];
  const applied = rows.map(({ name }) => name);
  return {
    applied,
    missing: known.filter((name) => !applied.includes(name)),
    unknown: applied.filter((name) => !known.includes(name)),
  };
}
