import { httpResource } from '@angular/common/http';
import { computed, DestroyRef, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { blocklistsList } from './generated/fn/blocklists/blocklists-list';
import { type Blocklist, type BlocklistList } from './generated/models';
import { Live } from './live/live';
import { LiveValue } from './live-value';
import { SessionState } from './session-state';

/** Between two looks while a page shows them, milliseconds; no event tells when a list is due or stale. */
const LOOK_EVERY_MS = 10_000;
/** Between two looks while an import waits or goes on, milliseconds. */
const LOOK_WHILE_RUNNING_MS = 1000;

/** Every list that is subscribed to. */
@Service()
export class BlocklistsState {
  private readonly session = inject(SessionState);
  private readonly live = new LiveValue(
    httpResource<BlocklistList>(() => (this.session.isSignedIn() ? blocklistsList.PATH : undefined)),
  );

  readonly view = this.live.view;
  readonly all = computed<readonly Blocklist[]>(() => this.live.value()?.items ?? []);
  readonly names = computed<ReadonlyMap<string, string>>(() => new Map(this.all().map(({ id, name }) => [id, name])));
  /** Undefined before the first answer. */
  readonly wanted = computed(() => this.live.value()?.wanted);
  readonly isRunning = computed(() => this.all().some((list) => list.isRunning));
  /** Those that a person should look after. */
  readonly troubled = computed(() => this.all().filter(isTroubled));

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        const isOver = event.name === 'operation' && event.data.kind === 'import' && event.data.status !== 'running';
        if (event.name === 'resync' || isOver) this.live.reload();
      });
  }

  /** Takes over what the API said of one list. */
  take(list: Blocklist): void {
    this.live.change((before) => ({
      ...before,
      items: before.items.some(({ id }) => id === list.id)
        ? before.items.map((other) => (other.id === list.id ? list : other))
        : [...before.items, list],
    }));
  }

  reload(): void {
    this.live.reload();
  }

  /** Reads again while the caller lives, often while an import goes on. Needs an injection context. */
  follow(): void {
    this.live.reload();
    let readAt = Date.now();
    const timer = setInterval(() => {
      const pause = this.isRunning() ? 0 : LOOK_EVERY_MS;
      if (document.hidden || Date.now() - readAt < pause) return;
      readAt = Date.now();
      this.live.reload();
    }, LOOK_WHILE_RUNNING_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }
}

/** Whether a list needs a person. */
export function isTroubled({ state }: Pick<Blocklist, 'state'>): boolean {
  return state === 'suspicious' || state === 'failing' || state === 'needs-attention' || state === 'stale';
}
