import { randomBytes } from 'node:crypto';
import { Network } from '@bangui/ip';
import { Injectable, type OnApplicationShutdown, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { InstanceBus } from '../../core/instances/index.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { operationChanged } from '../../core/operations/index.ts';
import { bansChanged, type BansChanged, BansWatcher } from '../bans/index.ts';
import { archiveGrew, type EventFacts, HistoryRepository } from '../history/index.ts';
import { type BansMoved, bansMoved, SyncRunner } from '../history/sync/index.ts';
import { importChanged, snapshotChanged, wantedChanged } from '../blocklists/index.ts';
import { jailsChanged, type JailsChanged, JailsService, type JailSummary } from '../jails/index.ts';
import { schedulerChanged, taskChanged } from '../scheduler/index.ts';
import { Fail2banWatcher, serverChanged, type ServerState } from '../server/index.ts';
import { archivedEvent } from './archived-event.ts';
import { archiveNews, bansMovedElsewhere } from './live-topics.ts';
import { archivedEventId, archivedUpTo, eventFrame, EventRing } from './event-ring.ts';
import { type BansChangedEvent, type JailChange, type JailsEvent, type ServerEvent } from './live.dto.ts';

/** More changes of a list at once than this are told as one event, so that lists are read again. */
const maxSingleBans = 200;
/** More events of the archive at once than this are told as one event for each jail. */
const maxSingleEvents = 2_000;
/** Events of the archive that a client may have missed to be told them; with more it reads everything again. */
const maxReplay = 10_000;
const replayPage = 1_000;
/** How often an instance that hears nothing of others looks for what they have archived, in milliseconds. */
const pollMs = 1_000;
/** The same while it hears of them: only for what nobody told. */
const slowPollMs = 15_000;

type Subscriber = (frame: string) => void;

/** What a client that comes back has missed. */
export type Missed =
  | { readonly kind: 'told'; readonly frames: readonly string[] }
  /** To be read with {@link LiveFeed.archivedFrames}. */
  | { readonly kind: 'archived'; readonly after: number; readonly upTo: number }
  /** Nobody knows. */
  | { readonly kind: 'unknown' };

/** Turns what happens inside the API into the events of the stream, and keeps the latest for those who come back. */
@Injectable()
export class LiveFeed implements OnModuleInit, OnApplicationShutdown {
  readonly ring: EventRing;
  private readonly subscribers = new Set<Subscriber>();
  private timer: NodeJS.Timeout | undefined;
  /** Tail of the readings of the archive. */
  private reading: Promise<void> = Promise.resolve();
  /** Readings that have not begun: one is enough for all who ask meanwhile. */
  private isReadingDue = false;
  /** Jails whose bans came back or went, and whose list has not changed since: it may be read later. */
  private readonly moved = new Set<string>();
  private readAt = 0;
  /** Whether the instance that feeds the archive still takes in what happened before BanGUI came. */
  private isOtherBeginning = false;

  constructor(
    private readonly events: EventBus,
    private readonly server: Fail2banWatcher,
    private readonly jails: JailsService,
    private readonly history: HistoryRepository,
    private readonly sync: SyncRunner,
    private readonly bans: BansWatcher,
    private readonly bus: InstanceBus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    // Two instances may start in the same millisecond.
    this.ring = new EventRing(clock.now().toString(36) + randomBytes(6).toString('hex'));
  }

  async onModuleInit(): Promise<void> {
    // Before anything is archived by this run: what came before is for those who ask for it.
    this.ring.archived = (await this.history.idSpan()).last;
    this.events.on(serverChanged, (state) => this.tell('server', serverEvent(state)));
    this.events.on(jailsChanged, (changed) => this.tell('jails', jailsEvent(changed)));
    this.events.on(taskChanged, (task) => this.tell('task', task));
    this.events.on(schedulerChanged, (scheduler) => this.tell('scheduler', scheduler));
    this.events.on(operationChanged, (operation) => this.tell('operation', operation));
    this.events.on(importChanged, (news) => this.tell('import', news));
    this.events.on(snapshotChanged, (news) => this.tell('snapshot-changed', news));
    this.events.on(wantedChanged, (news) => this.tell('wanted-changed', news));
    this.events.on(bansChanged, (changed) => this.tellLists(changed));
    this.events.on(bansMoved, (moved) => {
      this.tellMoved(moved);
      this.bus.publish(bansMovedElsewhere, moved);
    });
    if (this.bus.isShared) this.followOthers();
    else this.followOneDatabase();
  }

  /** On SQLite whoever feeds the archive knows what is in it; another process that stands by looks. */
  private followOneDatabase(): void {
    this.events.on(archiveGrew, (stored) => {
      const { isOld } = this;
      this.inTurn(() => {
        const isNext = (stored[0]?.id ?? 0) <= this.ring.archived + 1;
        // The one that fed it before has archived something in between.
        return isNext ? this.tellArchived(stored, isOld) : this.tellPages();
      });
    });
    this.timer = setInterval(() => {
      if (!this.sync.isFeeding) this.readArchive();
    }, pollMs).unref();
  }

  /** Another instance may have archived something in between, so the archive itself is read, in order. */
  private followOthers(): void {
    this.events.on(archiveGrew, () => {
      this.readArchive();
      this.bus.publish(archiveNews, { isBeginning: this.sync.isBeginning });
    });
    this.bus.on(archiveNews, {
      take: ({ isBeginning }) => {
        this.isOtherBeginning = isBeginning;
        this.readArchive();
      },
      readAgain: () => this.readArchive(),
    });
    this.bus.on(bansMovedElsewhere, {
      take: (moved) => this.tellMoved(moved),
      // Whoever missed it cannot know which jails it was about.
      readAgain: () => this.tellAllChanged(),
    });
    this.timer = setInterval(() => {
      const restMs = this.bus.isConnected ? slowPollMs : pollMs;
      if (!this.sync.isFeeding && this.clock.monotonic() - this.readAt >= restMs) this.readArchive();
    }, pollMs).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.reading;
  }

  /** Calls back with each further event. The returned function ends it. */
  subscribe(subscriber: Subscriber): () => void {
    this.subscribers.add(subscriber);
    return () => this.subscribers.delete(subscriber);
  }

  /** What happened after the event with this id, from whatever a client says. */
  missedAfter(id: string): Missed {
    const replay = this.ring.after(id);
    if (replay.isComplete) return { kind: 'told', frames: replay.frames };
    const after = archivedUpTo(id);
    if (after === undefined || after > this.ring.archived) return { kind: 'unknown' };
    return { kind: 'archived', after, upTo: this.ring.archived };
  }

  /**
   * Events of the archive in pages, oldest first. Ends early, with undefined, when some of them are there no more or when
   * they are more than 10,000.
   */
  async *archivedFrames(after: number, upTo: number): AsyncGenerator<readonly string[] | undefined> {
    const { first } = await this.history.idSpan();
    if (after < upTo && after < first - 1) {
      yield undefined;
      return;
    }
    let last = after;
    for (let count = 0; last < upTo;) {
      const page = (await this.history.storedAfter(last, replayPage)).filter(({ id }) => id <= upTo);
      if (page.length === 0) return;
      count += page.length;
      if (count > maxReplay) {
        yield undefined;
        return;
      }
      yield page.map((stored) => frameOf(stored, archivedEventId(stored.id)));
      last = page.at(-1)?.id ?? upTo;
    }
  }

  /** The server as it is now. */
  currentServer(): ServerEvent {
    return serverEvent(this.server.state);
  }

  /** All jails as they are now. */
  currentJails(): JailsEvent {
    return jailsEvent({ items: this.jails.list().items, removed: [] });
  }

  private tell(event: string, data: unknown): void {
    const frame = this.ring.add(event, data);
    for (const subscriber of [...this.subscribers]) subscriber(frame);
  }

  /** Whether what is archived now happened before BanGUI came: that is not news. */
  private get isOld(): boolean {
    return this.sync.isBeginning || (this.isOtherBeginning && !this.sync.isFeeding);
  }

  private async tellArchived(stored: readonly EventFacts[], isOld: boolean): Promise<void> {
    const fresh = stored.filter(({ id }) => id > this.ring.archived);
    // Whoever hears of a ban may read the list at once.
    await this.bans.learn(fresh.map(archivedEvent));
    if (fresh.length > maxSingleEvents || isOld) {
      this.ring.archived = fresh.at(-1)?.id ?? this.ring.archived;
      const jails = Map.groupBy(fresh, ({ jail }) => jail);
      for (const [jail, events] of jails) {
        const added = events.filter(({ action }) => action === 'ban').length;
        this.tellChanged(jail, added, events.length - added);
      }
      return;
    }
    for (const event of fresh) {
      this.ring.archived = event.id;
      const { name, data } = archivedEvent(event);
      this.tell(name, data);
    }
  }

  private readArchive(): void {
    if (this.isReadingDue) return;
    this.isReadingDue = true;
    this.inTurn(() => {
      this.isReadingDue = false;
      return this.tellPages();
    });
  }

  /** Tells what the archive has and was not told yet. */
  private async tellPages(): Promise<void> {
    this.readAt = this.clock.monotonic();
    for (;;) {
      const page = await this.history.storedAfter(this.ring.archived, replayPage);
      if (page.length > 0) await this.tellArchived(page, this.isOld);
      if (page.length < replayPage) return;
    }
  }

  private inTurn(work: () => Promise<void>): void {
    this.reading = this.reading.then(work).catch((error: unknown) => {
      // The database is away; the next look tells what was missed.
      this.log.warn(logEvents.archiveNotRead, { error });
    });
  }

  /** Single changes of lists are told when they are in the archive; these are not, or would be too many to follow. */
  private tellLists({ jail, added, removed }: BansChanged): void {
    const isUnarchived = [...added, ...removed].some(({ address }) => !Network.parse(address));
    const isMany = added.length + removed.length > maxSingleBans;
    const isMoved = this.moved.delete(jail);
    if (isMany || isUnarchived || isMoved) this.tellChanged(jail, added.length, removed.length);
  }

  private tellMoved({ jail, count }: BansMoved): void {
    this.moved.add(jail);
    this.tellChanged(jail, count, count);
  }

  /** Tells that any list may be another one. */
  private tellAllChanged(): void {
    for (const { name } of this.jails.list().items) this.tellChanged(name, 0, 0);
  }

  private tellChanged(jail: string, added: number, removed: number): void {
    const data: BansChangedEvent = { jail, added, removed };
    this.tell('bans-changed', data);
  }
}

function frameOf(stored: EventFacts, id: string): string {
  const { name, data } = archivedEvent(stored);
  return eventFrame(name, data, id);
}

function serverEvent({ isOnline, since, version, reason, reasonCode, reasonParams }: ServerState): ServerEvent {
  return { online: isOnline, since, version, reason, reasonCode, reasonParams };
}

function jailsEvent({ items, removed }: JailsChanged): JailsEvent {
  return { items: [...items.map(jailChange), ...removed.map(removedJail)] };
}

function jailChange(jail: JailSummary): JailChange {
  const { name, state, currentlyFailed, totalFailed, currentlyBanned, totalBanned, armed } = jail;
  return { name, state, currentlyFailed, totalFailed, currentlyBanned, totalBanned, armed };
}

function removedJail(name: string): JailChange {
  return {
    name,
    state: 'removed',
    currentlyFailed: 0,
    totalFailed: 0,
    currentlyBanned: 0,
    totalBanned: 0,
    armed: {
      status: 'not-armed',
      missing: ['jail'],
      reason: null,
      reasonCode: null,
      reasonParams: null,
      checkedAt: null,
    },
  };
}
