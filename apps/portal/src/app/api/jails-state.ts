import { httpResource } from '@angular/common/http';
import { computed, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { jailsList } from './generated/fn/jails/jails-list';
import { type JailChange, type JailList, type JailSummary } from './generated/models';
import { LiveValue } from './live-value';
import { SessionState } from './session-state';
import { Live } from './live/live';

/** Every jail of the server, kept up to date by live events. */
@Service()
export class JailsState {
  private readonly session = inject(SessionState);
  private readonly live = new LiveValue(
    httpResource<JailList>(() => (this.session.isSignedIn() ? jailsList.PATH : undefined)),
  );

  readonly view = this.live.view;
  readonly all = computed<readonly JailSummary[]>(() => this.live.value()?.items ?? []);
  readonly byName = computed(() => new Map(this.all().map((jail) => [jail.name, jail])));
  /** Those that can hold a ban now. */
  readonly running = computed(() => this.all().filter((jail) => jail.state !== 'stopped'));
  /** Those a person should look at: enabled, but stopped, idle or without what their configuration wants. */
  readonly unarmed = computed(() => this.all().filter(needsAttention));
  readonly bannedNow = computed(() => this.all().reduce((sum, jail) => sum + jail.currentlyBanned, 0));

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.name === 'resync') this.live.reload();
        if (event.name === 'jails') this.apply(event.data.items);
        if (event.name === 'ban') this.noteBan(event.data.jail, event.data.bannedAt);
      });
  }

  /** The colour of a jail; 0 for one that is not known. */
  colourOf(name: string): number {
    return this.byName().get(name)?.colour ?? 0;
  }

  reload(): void {
    this.live.reload();
  }

  private apply(changes: readonly JailChange[]): void {
    const known = this.byName();
    // A jail that we have never seen has more to it than its counters.
    if (changes.some((change) => change.state !== 'removed' && !known.has(change.name))) {
      this.live.reload();
      return;
    }
    const changed = new Map(changes.map((change) => [change.name, change]));
    this.live.change((list) => ({ items: merge(list.items, changed) }));
  }

  private noteBan(name: string, at: number): void {
    this.live.change((list) => ({
      items: list.items.map((jail) =>
        jail.name === name ? { ...jail, lastBanAt: Math.max(at, jail.lastBanAt ?? 0) } : jail,
      ),
    }));
  }
}

/** True for a jail that should protect and does not, or of which nothing can be proven. */
export function needsAttention(jail: JailSummary): boolean {
  return jail.state !== 'running' || jail.armed.status === 'not-armed';
}

function merge(jails: readonly JailSummary[], changes: ReadonlyMap<string, JailChange>): JailSummary[] {
  return jails.flatMap((jail) => {
    const change = changes.get(jail.name);
    if (!change) return [jail];
    const { state, ...counters } = change;
    return state === 'removed' ? [] : [{ ...jail, ...counters, state }];
  });
}
