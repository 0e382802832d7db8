import { type BanSource, type BanState } from './last-ban.entity.ts';

/** The last ban of an address in a jail, see `LastBanEntity`. */
export interface LastBan {
  readonly jail: string;
  /** Canonical text. */
  readonly address: string;
  /** Epoch milliseconds under which the archive has it. */
  readonly at: number;
  /** Epoch seconds; null when only the log told of it. */
  readonly failedAt: number | null;
  /** Seconds; -1 is permanent; null when unknown. */
  readonly duration: number | null;
  /** Epoch milliseconds; null for a permanent ban and when unknown. */
  readonly endsAt: number | null;
  readonly source: BanSource;
  readonly state: BanState;
  /** Epoch milliseconds. */
  readonly changedAt: number;
}

/** Key of a map of last bans. A jail's name has no space. */
export function banKey(jail: string, address: string): string {
  return `${jail} ${address}`;
}

/** When a ban ends in epoch milliseconds; null for never and when unknown. */
export function endOf(failedAt: number | null, at: number, duration: number | null): number | null {
  if (duration === null || duration < 0) return null;
  return (failedAt === null ? at : failedAt * 1000) + duration * 1000;
}
