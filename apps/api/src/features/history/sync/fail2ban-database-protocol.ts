import { type BanRow } from './ban-row.ts';

/** What tells one row from another that has got its number later. */
export interface RowIdentity {
  readonly rowid: number;
  readonly jail: string;
  readonly address: string;
  /** Epoch seconds. */
  readonly failedAt: number;
}

/** An address in a jail, both as fail2ban writes them. */
export interface RowKey {
  readonly jail: string;
  readonly address: string;
}

/** What the database has of an address in a jail. */
export interface RowsOfKey {
  /** Latest first. */
  readonly rows: readonly BanRow[];
  /** The last ban, kept longer than the others and deleted when it is lifted; null when there is none. */
  readonly last: BanRow | null;
}

/** A question to the thread. */
export type DatabaseQuestion =
  | { readonly kind: 'page'; readonly path: string; readonly after: number }
  | { readonly kind: 'identities'; readonly path: string; readonly upTo: number; readonly limit: number }
  | { readonly kind: 'rowsOf'; readonly path: string; readonly keys: readonly RowKey[] };

/** Its answer. `file` names the file that was read: another one is another database. */
export type DatabaseAnswer =
  | {
      readonly kind: 'page';
      readonly file: string;
      readonly rows: readonly BanRow[];
      /** The highest number of the page, also of rows that were left out; null when there are no rows. */
      readonly last: number | null;
      readonly longestMs: number;
    }
  | { readonly kind: 'identities'; readonly file: string; readonly rows: readonly RowIdentity[] }
  | { readonly kind: 'rowsOf'; readonly file: string; readonly keys: readonly RowsOfKey[] }
  | { readonly kind: 'error'; readonly code: string; readonly message: string };
