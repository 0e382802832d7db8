import { type EntitySchema } from 'typeorm';
import { type DatabaseKind } from './database.ts';

/**
 * A table with columns whose type has another name on each database, such as bytes or a counting 64-bit key. Decorators
 * cannot say that, so the description is made for the database at hand.
 */
export interface TablePerKind {
  /** Describes the table to TypeORM. */
  readonly describe: (kind: DatabaseKind) => EntitySchema;
}
