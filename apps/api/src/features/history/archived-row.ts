import { type EventAction, type EventOrigin, type StoredEvent, type UnbanCause } from './archive-event.ts';

/** Today there is one fail2ban server. */
export const server = 'local';

/** A row of `history_archive` as it is read. */
export interface ArchivedRow {
  readonly id: number;
  readonly jail: string;
  readonly address: string;
  readonly action: EventAction;
  readonly at: number;
  readonly failed_at: number | null;
  readonly duration: number | null;
  readonly ban_count: number | null;
  readonly failures: number | null;
  /** JSON array of texts. */
  readonly matches: string;
  readonly origin: EventOrigin;
  readonly cause: UnbanCause | null;
  readonly actor: string | null;
  readonly reason: string | null;
  readonly country: string | null;
  readonly asn: number | null;
  readonly organisation: string | null;
}

/** The columns of {@link ArchivedRow}, for a SELECT. */
export const archivedColumns = [
  'id',
  'jail',
  'address',
  'action',
  'at',
  'failed_at',
  'duration',
  'ban_count',
  'failures',
  'matches',
  'origin',
  'cause',
  'actor',
  'reason',
  'country',
  'asn',
  'organisation',
].join(', ');

/** A row as everybody else knows it. */
export function storedEventOf(row: ArchivedRow): StoredEvent {
  return {
    id: row.id,
    jail: row.jail,
    address: row.address,
    action: row.action,
    at: row.at,
    failedAt: row.failed_at,
    duration: row.duration,
    banCount: row.ban_count,
    failures: row.failures,
    // Only the writer writes the column, and it writes a list of texts.
    matches: JSON.parse(row.matches) as string[],
    origin: row.origin,
    cause: row.cause,
    actor: row.actor,
    reason: row.reason,
    country: row.country,
    asn: row.asn,
    organisation: row.organisation,
  };
}
