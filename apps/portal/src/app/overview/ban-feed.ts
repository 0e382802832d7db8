import { computed, inject, Service, signal } from '@angular/core';
import { type Ban } from '../api/generated/models';
import { BansApi } from '../bans/index';
import { Clock } from '../ui/clock';
import { type LiveEvent } from '../api/live/events';
import { Live } from '../api/live/live';

/** A ban in the live list. */
export interface FeedEntry extends Ban {
  /** Unique in the feed. */
  readonly key: string;
  /** True when it came while the page was open: it slides in. */
  readonly isNew: boolean;
  /** True when it was lifted meanwhile. */
  readonly isLifted: boolean;
}

const LONGEST = 200;
const FIRST_READ = 30;
const RATE_WINDOW_MS = 5 * 60_000;

/** The newest bans, whoever made them. Begins with what is in force and goes on with live events. */
@Service()
export class BanFeed {
  private readonly api = inject(BansApi);
  private readonly clock = inject(Clock);
  private readonly list = signal<readonly FeedEntry[]>([]);
  private readonly known = signal(false);

  readonly entries = this.list.asReadonly();
  /** False before the first answer. */
  readonly isReady = this.known.asReadonly();
  /** Bans of the last five minutes, as far as the feed knows. */
  readonly recent = computed(
    () => this.list().filter((entry) => this.clock.now() - entry.bannedAt < RATE_WINDOW_MS).length,
  );

  constructor() {
    inject(Live).events.subscribe((event) => this.take(event));
    void this.read();
  }

  private take(event: LiveEvent): void {
    if (event.name === 'ban') this.add(event.data);
    else if (event.name === 'unban') this.lift(event.data.jail, event.data.address);
    else if (event.name === 'resync' || event.name === 'bans-changed') void this.read();
  }

  private add(ban: Ban): void {
    const entry = entryOf(ban, true);
    this.list.update((list) =>
      list.some((other) => other.key === entry.key) ? list : [entry, ...list].slice(0, LONGEST),
    );
  }

  private lift(jail: string, address: string): void {
    this.list.update((list) =>
      list.map((entry) => (entry.jail === jail && entry.address === address ? { ...entry, isLifted: true } : entry)),
    );
  }

  private async read(): Promise<void> {
    // Without an answer the list stays what it was; the next event or reconnection tries again.
    try {
      const page = await this.api.newest(FIRST_READ);
      const inForce = new Map(page.items.map((ban) => [entryOf(ban, false).key, ban]));
      this.list.update((list) => {
        const seen = new Set(list.map((entry) => entry.key));
        const missed = [...inForce.values()].filter((ban) => !seen.has(entryOf(ban, false).key));
        return [...list, ...missed.map((ban) => entryOf(ban, false))]
          .sort((a, b) => b.bannedAt - a.bannedAt)
          .slice(0, LONGEST);
      });
      this.known.set(true);
    } catch {
      /* see above */
    }
  }
}

function entryOf(ban: Ban, isNew: boolean): FeedEntry {
  return { ...ban, key: `${ban.jail} ${ban.address} ${String(ban.bannedAt)}`, isNew, isLifted: false };
}
