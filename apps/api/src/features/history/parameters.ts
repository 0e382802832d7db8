import { type SqlValue } from '../../core/database/sql.ts';

/** Collects a statement's parameters while its text is put together. */
export class Parameters {
  readonly values: SqlValue[] = [];

  /** Takes a value and gives the text that stands for it. */
  add(value: SqlValue): string {
    this.values.push(value);
    return `$${this.values.length}`;
  }
}
