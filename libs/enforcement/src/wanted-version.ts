/**
 * Where packets are dropped. `raw` is before connection tracking: it spares the most work, and also drops the answers to connections
 * that this host itself opened to a listed address. `established` lets those through.
 */
export type Placement = 'raw' | 'established';

/** Which wanted set is meant, and how it is to be enforced. */
export interface WantedVersion {
  /** When an administrator last asked to load everything anew, in epoch milliseconds; 0 for never. */
  readonly resync: number;
  /** Token of the scheduler lock at that time: a later holder has a higher one. */
  readonly fencing: number;
  /** Number of the set; a later one is higher. */
  readonly generation: number;
  /** SHA-256 of each packed set, in hexadecimal. */
  readonly blockedHash: string;
  readonly allowedHash: string;
  readonly placement: Placement;
}

/** What orders wanted sets. */
export type WantedOrder = Pick<WantedVersion, 'resync' | 'fencing' | 'generation'>;

/**
 * Whether a set is older than another one, so that it must not take its place: a holder of the lock that was replaced may still speak. Only
 * an administrator's later resync lets the numbers fall, which they do when a backup of the database is restored.
 */
export function isOlder(one: WantedOrder, other: WantedOrder): boolean {
  for (const part of ['resync', 'fencing', 'generation'] as const) {
    if (one[part] !== other[part]) return one[part] < other[part];
  }
  return false;
}

/** Whether two versions mean the same in every respect that is enforced. */
export function isSameWanted(one: WantedVersion, other: WantedVersion): boolean {
  return (
    one.resync === other.resync &&
    one.placement === other.placement &&
    one.blockedHash === other.blockedHash &&
    one.allowedHash === other.allowedHash
  );
}
