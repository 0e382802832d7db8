import { IsOptional, IsUUID } from 'class-validator';
import { PageQuery } from '../../core/database/page-query.dto.ts';
import { type ImportLogLevel } from './store/log.entity.ts';
import { type ImportError, type ImportOutcome, type ImportTrigger } from './store/run.entity.ts';

/** Which imports to list. */
export class ImportRunQuery extends PageQuery {
  /** Only those of this source. */
  @IsOptional()
  @IsUUID()
  source?: string;
}

/** Addresses that were left out for one reason. */
export class LeftOut {
  /** Ranges that held them. */
  ranges: number;
  /** Rounded beyond 2^53. */
  addresses: number;
}

/** Addresses of a class that have no place in a list. */
export class LeftOutClass extends LeftOut {
  /** `private`, `loopback`, `documentation` and so on. */
  class: string;
}

/** What became of a download, step by step. */
export class ImportFunnel {
  downloadedBytes: number;
  /** After decompression. */
  unpackedBytes: number;
  /** Feeds that the publisher had no news of; they count with what is stored. */
  unchangedFeeds: number;
  /** Addresses, networks and ranges that were read, duplicates and dropped ones included. */
  entries: number;
  /** Lines that were no address. */
  invalid: number;
  /** Networks wider than /8 (IPv4) or /19 (IPv6). */
  tooBroad: number;
  /** Entries beyond the most that the source may have. */
  beyondLimit: number;
  /** Private, reserved and other special addresses. */
  special: LeftOutClass[];
  /** Addresses of this machine and its gateways. */
  own: LeftOut;
  /** Ranges of the whole source once sorted and joined. */
  ranges: number;
  addresses4: number;
  /** Rounded beyond 2^53. */
  addresses6: number;
  /** Ranges that the list did not have before. */
  addedRanges: number;
  /** Ranges that the list has no more. */
  removedRanges: number;
}

/** One import of a source. */
export class ImportRun {
  id: string;
  sourceId: string;
  trigger: ImportTrigger;
  /** `suspicious`: what came looks broken and is held. `interrupted`: cut short; nothing of it was stored. */
  outcome: ImportOutcome;
  /** Who asked for it; null when it was due. */
  requestedBy: string | null;
  /** Epoch milliseconds. */
  queuedAt: number;
  /** Epoch milliseconds; null while it waits. */
  startedAt: number | null;
  /** Epoch milliseconds; null while it waits or goes on. */
  finishedAt: number | null;
  /** Why it failed; null otherwise. */
  error: ImportError | null;
  /** The outcome in a sentence. */
  message: string | null;
  /** Epoch milliseconds before which the source is not asked again; null when its schedule decides. */
  retryAt: number | null;
  /** Null when nothing new came. */
  funnel: ImportFunnel | null;
}

/** Imports, newest first. */
export class ImportRunPage {
  items: ImportRun[];
  /** Ask for the next page with it; null at the end. */
  nextCursor: string | null;
}

/** A line of the log of an import. */
export class ImportLogLine {
  /** Epoch milliseconds. */
  at: number;
  level: ImportLogLevel;
  message: string;
}

/** An import with its log. */
export class ImportRunDetail extends ImportRun {
  /** In order; at most 200 lines. */
  log: ImportLogLine[];
}
