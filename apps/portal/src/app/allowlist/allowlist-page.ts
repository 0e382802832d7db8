import { Component, computed, effect, inject, input, signal } from '@angular/core';
import { Router, RouterLink } from '@angular/router';
import { type AllowlistEntry, type SeenHere } from '../api/generated/models';
import { ServerState } from '../api/server-state';
import { addressPath } from '../ui/address-link';
import { Clock } from '../ui/clock';
import { Failed } from '../ui/failed';
import { FilterField } from '../ui/filter-field';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ListEnd } from '../ui/list-end';
import { Moment } from '../ui/moment';
import { SearchText } from '../ui/search-text';
import { Skeleton } from '../ui/skeleton';
import { AllowlistActions } from './allowlist-actions';
import { AllowlistApi } from './allowlist-api';
import { SeenList } from './seen-list';
import { ignoreWords } from './ignore-words';
import { isThisMachine } from './own-address';

/** Where an entry is applied is read again this often while a jail was not asked yet, or none runs, milliseconds. */
const LOOK_AGAIN_MS = 3000;

/** How far fail2ban follows an entry. */
interface Applied {
  readonly meaning: 'ok' | 'watch' | 'danger' | '';
  readonly text: string;
  /** Jail by jail, for the pointer and for those who cannot see colours. */
  readonly detail: string;
}

/** Who is never banned by anything, and where fail2ban was told. */
@Component({
  selector: 'bangui-allowlist-page',
  imports: [Failed, FilterField, HostileText, Icon, ListEnd, Moment, RouterLink, SeenList, Skeleton],
  templateUrl: './allowlist-page.html',
  styleUrl: './allowlist-page.css',
})
export class AllowlistPage {
  private readonly api = inject(AllowlistApi);
  private readonly router = inject(Router);
  private readonly server = inject(ServerState);
  private readonly clock = inject(Clock);
  protected readonly actions = inject(AllowlistActions);

  /** The search, from the URL. */
  readonly q = input<string>();

  protected readonly list = this.api.list(() => ({ q: this.q() }));
  protected readonly isEmpty = computed(() => this.list.items().length === 0);
  protected readonly problems = computed(() => this.list.page()?.problems ?? []);
  protected readonly typed = new SearchText({
    inAddress: () => this.q() ?? '',
    search: (text) => this.search(text),
  });
  /** What covers the address of the person; null until it is known. */
  private readonly covering = signal<readonly AllowlistEntry[] | null>(null);
  private readonly own = computed(() => this.server.status()?.requester.address);
  /** The address of the person while nothing keeps it from being banned. */
  protected readonly suggested = computed(() => {
    const own = this.own();
    const covering = this.covering();
    if (own === undefined || isThisMachine(own) || covering === null) return null;
    return covering.some((entry) => !entry.isExpired) ? null : own;
  });

  /** Who signed in lately without being on the list; null until it is known. */
  protected readonly seen = signal<SeenHere | null>(null);

  protected readonly isSeenInPart = computed(() => this.seen()?.sources.some(({ state }) => state !== 'read') ?? false);

  constructor() {
    void this.lookAround();
    effect(() => {
      const own = this.own();
      if (own !== undefined) void this.look(own);
    });
    effect((onCleanup) => {
      // No jail at all: fail2ban stops them one by one as it ends, and brings them back when it starts.
      const isPending = this.list
        .items()
        .some(
          ({ jails, isPushedToFail2ban }) =>
            (isPushedToFail2ban && jails.length === 0) || jails.some(({ state }) => state === 'pending'),
        );
      if (!isPending || this.list.isLoading()) return;
      const timer = setTimeout(() => this.list.refresh(), LOOK_AGAIN_MS);
      onCleanup(() => clearTimeout(timer));
    });
  }

  protected readonly pathOf = addressPath;
  protected readonly count = formatNumber;

  private search(text: string): void {
    const q = text.trim();
    void this.router.navigate([], {
      queryParams: { q: q === '' ? null : q },
      queryParamsHandling: 'merge',
      replaceUrl: true,
    });
  }

  protected clear(): void {
    this.typed.set('');
    this.search('');
  }

  protected async add(text = ''): Promise<void> {
    if (await this.actions.add(text)) this.refresh();
  }

  protected async edit(entry: AllowlistEntry): Promise<void> {
    if (await this.actions.edit(entry)) this.refresh();
  }

  protected async remove(entry: AllowlistEntry): Promise<void> {
    await this.actions.remove(entry, () => this.refresh());
  }

  protected isOver(entry: AllowlistEntry): boolean {
    return entry.expiresAt !== null && entry.expiresAt <= this.clock.now();
  }

  /** In a few words where the entry is applied. */
  protected applied({ jails, isPushedToFail2ban }: AllowlistEntry): Applied {
    if (!isPushedToFail2ban) return { meaning: '', text: $localize`BanGUI and blocklists`, detail: '' };
    const count = (...states: readonly string[]): number => jails.filter(({ state }) => states.includes(state)).length;
    const detail = jails.map((ignored) => `${ignored.jail}: ${ignoreWords(ignored)}`).join('\n');
    const [failed, pending] = [count('failed'), count('pending')];
    if (failed > 0)
      return {
        meaning: 'danger',
        text: $localize`failed in ${formatNumber(failed)}:count: of ${formatNumber(jails.length)}:jails: jails`,
        detail,
      };
    if (jails.length === 0) return { meaning: 'watch', text: $localize`no jail runs`, detail };
    if (pending > 0)
      return {
        meaning: 'watch',
        text: $localize`waiting for ${formatNumber(pending)}:count: of ${formatNumber(jails.length)}:jails: jails`,
        detail,
      };
    return { meaning: 'ok', text: $localize`ignored by every jail`, detail };
  }

  private refresh(): void {
    this.list.refresh();
    void this.lookAround();
    const own = this.own();
    if (own !== undefined) void this.look(own);
  }

  private async lookAround(): Promise<void> {
    // As below: the page is whole without it.
    try {
      this.seen.set(await this.api.suggestions());
    } catch {
      this.seen.set(null);
    }
  }

  private async look(own: string): Promise<void> {
    // A suggestion is not worth a message when it cannot be made.
    try {
      this.covering.set(await this.api.covering(own));
    } catch {
      this.covering.set(null);
    }
  }
}
