import { type ColumnOptions, type ValueTransformer } from 'typeorm';

/** PostgreSQL returns 64-bit integers as text; ours are times and counts below 2^53. */
const integer: ValueTransformer = {
  to: (value: unknown) => value,
  from: (value: unknown) => (typeof value === 'string' ? Number(value) : value),
};

/** JSON is stored as text on both databases, because it is only ever read back whole. */
const json: ValueTransformer = {
  to: (value: unknown) => (value === null || value === undefined ? null : JSON.stringify(value)),
  from: (value: unknown) => (typeof value === 'string' ? (JSON.parse(value) as unknown) : null),
};

/** An integer below 2^53, for example epoch milliseconds. */
export const integerColumn = { type: 'bigint', transformer: integer } as const satisfies ColumnOptions;

/** Any JSON value, or null. */
export const jsonColumn = { type: 'text', nullable: true, transformer: json } as const satisfies ColumnOptions;
