import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { operationChanged } from '../../core/operations/index.ts';
import { bansChanged, type BansChanged } from '../bans/index.ts';
import { jailsChanged, type JailsChanged, JailsService, type JailSummary } from '../jails/index.ts';
import { Fail2banWatcher, serverChanged, type ServerState } from '../server/index.ts';
import { EventRing } from './event-ring.ts';
import {
  type BanEvent,
  type BansChangedEvent,
  type JailChange,
  type JailsEvent,
  type ServerEvent,
  type UnbanEvent,
} from './live.dto.ts';

/** More changes of one jail at once than this are told as one event. */
const maxSingleBans = 200;

type Subscriber = (frame: string) => void;

/** Turns what happens inside the API into the events of the stream, and keeps the latest for those who come back. */
@Injectable()
export class LiveFeed implements OnModuleInit {
  readonly ring: EventRing;
  private readonly subscribers = new Set<Subscriber>();

  constructor(
    private readonly events: EventBus,
    private readonly server: Fail2banWatcher,
    private readonly jails: JailsService,
    private readonly clock: Clock,
  ) {
    this.ring = new EventRing(clock.now().toString(36));
  }

  onModuleInit(): void {
    this.events.on(serverChanged, (state) => this.tell('server', serverEvent(state)));
    this.events.on(jailsChanged, (changed) => this.tell('jails', jailsEvent(changed)));
    this.events.on(operationChanged, (operation) => this.tell('operation', operation));
    this.events.on(bansChanged, (changed) => this.tellBans(changed));
  }

  /** Calls back with each further event. The returned function ends it. */
  subscribe(subscriber: Subscriber): () => void {
    this.subscribers.add(subscriber);
    return () => this.subscribers.delete(subscriber);
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

  private tellBans({ jail, added, removed }: BansChanged): void {
    if (added.length + removed.length > maxSingleBans) {
      const data: BansChangedEvent = { jail, added: added.length, removed: removed.length };
      this.tell('bans-changed', data);
      return;
    }
    for (const { address } of removed) {
      const data: UnbanEvent = { jail, address, at: this.clock.now() };
      this.tell('unban', data);
    }
    for (const { address, bannedAt, duration, expiresAt } of added) {
      const data: BanEvent = { jail, address, bannedAt, duration, expiresAt };
      this.tell('ban', data);
    }
  }
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
