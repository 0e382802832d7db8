import { Injectable, type OnModuleInit } from '@nestjs/common';
import { defineEvent, EventBus } from '../../../core/events/event-bus.ts';
import { defineTopic, InstanceBus, membersOf } from '../../../core/instances/index.ts';
import { type ImportOutcome } from '../store/run.entity.ts';

/** An import waits, goes on or has ended. */
export interface ImportChanged {
  readonly runId: string;
  readonly sourceId: string;
  readonly outcome: ImportOutcome;
  /** Feeds that are done, of how many; null when it does not go on. */
  readonly progress: { readonly done: number; readonly total: number } | null;
}

/** What is stored of a source is another list. */
export interface SnapshotChanged {
  readonly sourceId: string;
  readonly addedRanges: number;
  readonly removedRanges: number;
}

/** Told on every instance. */
export const importChanged = defineEvent<ImportChanged>('import-changed');

/** Told on every instance. */
export const snapshotChanged = defineEvent<SnapshotChanged>('snapshot-changed');

const outcomes: readonly string[] = ['queued', 'running', 'ok', 'unchanged', 'suspicious', 'failed', 'interrupted'];
const isOutcome = (value: unknown): value is ImportOutcome => typeof value === 'string' && outcomes.includes(value);
const isId = (value: unknown): value is string => typeof value === 'string' && value.length <= 36;
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;

const importNews = defineTopic<ImportChanged>('blocklist-import', (payload) => {
  const { runId, sourceId, outcome, progress } = membersOf(payload);
  if (!isId(runId) || !isId(sourceId) || !isOutcome(outcome)) return undefined;
  const { done, total } = membersOf(progress);
  return { runId, sourceId, outcome, progress: isCount(done) && isCount(total) ? { done, total } : null };
});

const snapshotNews = defineTopic<SnapshotChanged>('blocklist-snapshot', (payload) => {
  const { sourceId, addedRanges, removedRanges } = membersOf(payload);
  return isId(sourceId) && isCount(addedRanges) && isCount(removedRanges)
    ? { sourceId, addedRanges, removedRanges }
    : undefined;
});

/** Tells here and on other instances what imports do. Who misses it reads the database. */
@Injectable()
export class ImportEvents implements OnModuleInit {
  constructor(
    private readonly events: EventBus,
    private readonly bus: InstanceBus,
  ) {}

  onModuleInit(): void {
    const nothing = (): void => undefined;
    this.bus.on(importNews, { take: (news) => this.events.emit(importChanged, news), readAgain: nothing });
    this.bus.on(snapshotNews, { take: (news) => this.events.emit(snapshotChanged, news), readAgain: nothing });
  }

  /** An import has another state. */
  tellImport(news: ImportChanged): void {
    this.events.emit(importChanged, news);
    this.bus.publish(importNews, news);
  }

  /** A source has another list. */
  tellSnapshot(news: SnapshotChanged): void {
    this.events.emit(snapshotChanged, news);
    this.bus.publish(snapshotNews, news);
  }
}
