import { type FeedValidators } from '../download/feed-request.ts';
import { type DownloadError } from '../download/download-problem.ts';
import { type SourceLocation } from '../../plugins/hosting/index.ts';
import { type Dropped, type Funnel } from './funnel.ts';

/** What an import needs to know, in plain data. */
export interface ImportJob {
  readonly location: SourceLocation;
  /** Settings with placeholders where secrets are. */
  readonly config: unknown;
  /** By the name of the setting. */
  readonly secrets: Readonly<Record<string, string>>;
  /** By feed, for those whose content is stored. */
  readonly validators: Readonly<Record<string, FeedValidators>>;
  /** Hash of the stored content by feed. */
  readonly hashes: Readonly<Record<string, string>>;
  /** Packed set of addresses that no list may hold. */
  readonly own: Uint8Array;
  readonly maxChangePercent: number;
  /** Packed set of who is let through; only a preview looks at it. */
  readonly allowed?: Uint8Array;
  /** Addresses from which somebody signed in here; only a preview looks at them. */
  readonly seen?: readonly string[];
}

/** Content of a feed that differs from what is stored. */
export interface ChangedFeed {
  readonly feed: string;
  readonly hash: string;
  readonly ranges: number;
  readonly packed: Uint8Array<ArrayBuffer>;
}

/** Why an import failed. */
export type ImportFailureCode = DownloadError | 'plugin' | 'settings';

/** How an import ended in the thread; what is stored of it is decided outside. */
export type ImportResult =
  | {
      readonly kind: 'unchanged';
      /** By feed. */
      readonly validators: Readonly<Record<string, FeedValidators>>;
    }
  | {
      readonly kind: 'changed';
      readonly validators: Readonly<Record<string, FeedValidators>>;
      /** All feeds that the source has now. */
      readonly feeds: readonly string[];
      readonly changed: readonly ChangedFeed[];
      /** Hash of the hashes of all feeds: what an administrator confirms or rejects. */
      readonly hash: string;
      readonly funnel: Funnel;
      /** Why somebody has to look at it first. */
      readonly suspicion: string | undefined;
    }
  | {
      readonly kind: 'failed';
      readonly code: ImportFailureCode;
      readonly message: string;
      readonly retryAfterMs: number | undefined;
    };

/** What the whole funnel of a source shows without storing anything. */
export interface PreviewResult {
  readonly funnel: Funnel;
  readonly suspicion: string | undefined;
  /** What the allowlist takes out of the list. */
  readonly allowlisted: Dropped;
  /** Those of {@link ImportJob.seen} that are in what is left. */
  readonly seen: readonly string[];
  /** Some of what is left, from all over it. */
  readonly sample: readonly string[];
}

/** How far an import has come. */
export interface ImportProgress {
  /** Feeds that are done. */
  readonly feeds: number;
  readonly totalFeeds: number;
  readonly unpackedBytes: number;
}

/** The world as an import sees it. */
export interface ImportHost {
  /** A packed set that is stored, by the name of its feed; undefined when it is gone. Asked for only when something has changed. */
  stored(name: string): Promise<Uint8Array | undefined>;
  progress(progress: ImportProgress): void;
}
