import { type SpecialClass } from '@bangui/ip';

/** What was taken out of a list for one reason. */
export interface Dropped {
  readonly ranges: number;
  /** Number of addresses; beyond 2^53 it is rounded. */
  readonly addresses: number;
}

/** What became of what was downloaded, step by step. */
export interface Funnel {
  readonly downloadedBytes: number;
  /** After decompression. */
  readonly unpackedBytes: number;
  /** Feeds that the publisher had no news of. */
  readonly unchangedFeeds: number;
  /** Addresses, networks and ranges that were read, duplicates and dropped ones included. */
  readonly entries: number;
  /** Lines or items that were no address. */
  readonly invalid: number;
  /** Wider than /8 or /19. */
  readonly tooBroad: number;
  /** Beyond the most that a source may have. */
  readonly beyondLimit: number;
  /** Private, reserved and other special addresses, by class. */
  readonly special: Partial<Record<SpecialClass, Dropped>>;
  /** Addresses of this machine and its gateways. */
  readonly own: Dropped;
  /** Ranges of the whole source once sorted and joined. */
  readonly ranges: number;
  readonly addresses4: number;
  /** Rounded beyond 2^53. */
  readonly addresses6: number;
  /** Ranges that the list did not have before. */
  readonly addedRanges: number;
  /** Ranges that the list has no more. */
  readonly removedRanges: number;
}

/** The parts of a funnel that are counted while feeds are read; they grow. */
export class FeedCounts {
  downloadedBytes = 0;
  unpackedBytes = 0;
  unchangedFeeds = 0;
  entries = 0;
  invalid = 0;
  tooBroad = 0;
  beyondLimit = 0;
  special: Partial<Record<SpecialClass, Dropped>> = {};
  own: Dropped = { ranges: 0, addresses: 0 };
}
