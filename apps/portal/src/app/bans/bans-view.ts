import { computed, DestroyRef, effect, inject, linkedSignal, signal, type Signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { type Ban, type BanPage } from '../api/generated/models';
import { defined, type Filters, type KeysetList } from '../api/keyset-list';
import { type LiveEvent } from '../api/live/events';
import { Live } from '../api/live/live';
import { BansApi } from './bans-api';
import { ToldBans } from './told-bans';

/** After changes that cannot be applied one by one the list is read again, at most this often (milliseconds). */
const REFRESH_AFTER_MS = 1000;

/** A list of bans that lives: new ones on top, lifted ones gone, the total right. Needs an injection context. */
export class BansView {
  private readonly refreshes = new Refreshes(() => this.list.refresh());
  private readonly told = new ToldBans(() => performance.now());
  readonly list: KeysetList<Ban, BanPage>;
  /** How many match in all; undefined before the first answer. */
  readonly total: Signal<number | undefined>;
  /** New bans that are held back because the person is reading further down. */
  readonly waiting = signal<readonly Ban[]>([]);
  /** Bans that came while the page was open: they slide in. */
  readonly fresh = new WeakSet<Ban>();
  private readonly change: ReturnType<typeof linkedSignal<BanPage | undefined, number>>;

  /** `isAtTop` says whether new rows may slide in without moving what is being read. */
  constructor(
    private readonly filters: () => Filters,
    private readonly isAtTop: () => boolean,
  ) {
    this.list = inject(BansApi).list(filters);
    this.change = linkedSignal<BanPage | undefined, number>({ source: this.list.page, computation: () => 0 });
    this.total = computed(() => {
      const page = this.list.page();
      return page && Math.max(0, page.total + this.change());
    });
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => this.take(event));
    inject(DestroyRef).onDestroy(() => this.refreshes.stop());
    effect(() => {
      if (this.list.page()) untracked(() => this.catchUp());
    });
  }

  /** Shows the new ones. */
  showWaiting(): void {
    const waiting = this.waiting();
    this.waiting.set([]);
    this.list.items.update((items) => withoutTwins(waiting, items));
  }

  private take(event: LiveEvent): void {
    if (event.name === 'ban') {
      this.told.begin(event.data);
      this.add(event.data);
    } else if (event.name === 'unban') {
      this.told.end(event.data);
      this.remove(event.data.jail, event.data.address);
    } else if (event.name === 'resync') {
      this.told.forget();
      this.refreshes.soon();
    } else if (event.name === 'bans-changed') {
      this.told.forget(event.data.jail);
      if (this.concerns(event.data.jail)) this.refreshes.soon();
    }
  }

  /** Applies to an answer what was told while it was on its way. */
  private catchUp(): void {
    // What lies inside of a network the API knows.
    if (defined(this.filters())['network'] !== undefined) return;
    for (const what of this.told.lately()) {
      if ('ended' in what) {
        const { jail, address, at } = what.ended;
        if (this.list.items().some((item) => isSame(item, what.ended) && item.bannedAt <= at))
          this.remove(jail, address);
      } else if (!this.waiting().some((item) => isSame(item, what.begun))) this.add(what.begun);
    }
  }

  private add(ban: Ban): void {
    if (!this.concerns(ban.jail)) return;
    const { network, q } = defined(this.filters());
    // What lies inside of a network the API knows.
    if (network !== undefined) {
      this.refreshes.soon();
      return;
    }
    if (q !== undefined && !ban.address.includes(q.toLowerCase()) && !ban.jail.includes(q)) return;
    if (this.list.items().some((item) => isSame(item, ban))) return;
    this.change.update((change) => change + 1);
    this.fresh.add(ban);
    if (this.isAtTop()) this.list.items.update((items) => [ban, ...items]);
    else this.waiting.update((waiting) => withoutTwins([ban], waiting));
  }

  private remove(jail: string, address: string): void {
    const gone = (item: Ban): boolean => item.jail === jail && item.address === address;
    if (!this.list.items().some(gone) && !this.waiting().some(gone)) {
      if (this.concerns(jail)) this.refreshes.soon();
      return;
    }
    this.change.update((change) => change - 1);
    this.list.items.update((items) => items.filter((item) => !gone(item)));
    this.waiting.update((items) => items.filter((item) => !gone(item)));
  }

  private concerns(jail: string): boolean {
    const wanted = defined(this.filters())['jail'];
    return wanted === undefined || wanted === jail;
  }
}

/** Runs something a little later, and once for many wishes. */
class Refreshes {
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly run: () => void) {}

  soon(): void {
    this.timer ??= setTimeout(() => {
      this.timer = undefined;
      this.run();
    }, REFRESH_AFTER_MS);
  }

  stop(): void {
    clearTimeout(this.timer);
  }
}

function isSame(a: Pick<Ban, 'jail' | 'address'>, b: Pick<Ban, 'jail' | 'address'>): boolean {
  return a.jail === b.jail && a.address === b.address;
}

function withoutTwins(first: readonly Ban[], then: readonly Ban[]): readonly Ban[] {
  return [...first, ...then.filter((item) => !first.some((other) => isSame(item, other)))];
}
