import { Component, computed, DestroyRef, effect, inject, input, untracked } from '@angular/core';
import { Router } from '@angular/router';
import { type LogsPage$Params } from '../api/generated/fn/logs/logs-page';
import { JailsState } from '../api/jails-state';
import { problemText } from '../api/problem-text';
import { Failed } from '../ui/failed';
import { FilterField } from '../ui/filter-field';
import { formatMoment, formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { SearchText } from '../ui/search-text';
import { Skeleton } from '../ui/skeleton';
import { LogList } from './log-list';
import { type LogFilters, LogTail, MOST_LINES } from './log-tail';
import { LogsApi } from './logs-api';

type Level = NonNullable<LogsPage$Params['level']>;

/** Levels that can be chosen; the least serious one shows all. */
const LEVELS: readonly Level[] = ['DEBUG', 'INFO', 'NOTICE', 'WARNING', 'ERROR'];
const ALL_LEVELS: readonly Level[] = [...LEVELS, 'CRITICAL', 'HEAVYDEBUG', 'TRACEDEBUG'];
/** The log is read anew for each search: it follows the keys after this pause, milliseconds. */
const FILTER_AFTER_MS = 400;

/** fail2ban's own log, live. */
@Component({
  selector: 'bangui-logs-page',
  imports: [Failed, FilterField, HostileText, Icon, LogList, Skeleton],
  templateUrl: './logs-page.html',
  styleUrl: './logs-page.css',
})
export class LogsPage {
  private readonly api = inject(LogsApi);
  private readonly router = inject(Router);
  private readonly jails = inject(JailsState);

  /** Least serious level; this and the following from the URL. */
  readonly level = input<string>();
  readonly jail = input<string>();
  readonly address = input<string>();

  protected readonly tail = new LogTail((query) => this.api.page(query));
  protected readonly typed = new SearchText({
    inAddress: () => this.address() ?? '',
    search: (text) => this.filter({ address: text.trim() || null }),
    afterMs: FILTER_AFTER_MS,
  });

  private readonly filters = computed<LogFilters>(() => {
    const level = ALL_LEVELS.find((one) => one === this.level());
    const [jail, address] = [this.jail(), this.address()];
    return { ...(level && { level }), ...(jail && { jail }), ...(address && { address }) };
  });
  protected readonly isFiltered = computed(
    () => this.level() !== undefined || this.jail() !== undefined || this.address() !== undefined,
  );
  protected readonly jailNames = computed(() => {
    const names = this.jails.all().map(({ name }) => name);
    const chosen = this.jail();
    return chosen === undefined || names.includes(chosen) ? names : [...names, chosen];
  });
  protected readonly problem = computed(() => {
    const problem = this.tail.problem();
    return problem && problemText(problem);
  });
  protected readonly hindrance = computed(() => {
    const place = this.tail.place();
    return place && hindranceWords(place.kind, place.target ?? '');
  });
  protected readonly scanned = computed(() => {
    const until = this.tail.scannedUntil();
    return until === null ? null : formatMoment(until);
  });
  protected readonly levels = LEVELS;
  protected readonly most = formatNumber(MOST_LINES);

  constructor() {
    effect(() => {
      const filters = this.filters();
      untracked(() => this.tail.restart(filters));
    });
    inject(DestroyRef).onDestroy(() => this.tail.end());
  }

  protected filter(queryParams: { level?: string | null; jail?: string | null; address?: string | null }): void {
    void this.router.navigate([], { queryParams, queryParamsHandling: 'merge', replaceUrl: true });
  }

  protected clear(): void {
    this.typed.set('');
    this.filter({ level: null, jail: null, address: null });
  }

  protected restart(): void {
    this.tail.restart(this.filters());
  }
}

/** Why the log cannot be shown, and what to do; null when it can. */
function hindranceWords(kind: string, target: string): string | null {
  switch (kind) {
    case 'elsewhere':
      return $localize`fail2ban writes its log to ${target}:target:, which BanGUI cannot read. Set its log target to a file, for example /var/log/fail2ban.log.`;
    case 'unreadable':
      return $localize`BanGUI cannot read ${target}:target:. Let it read the file, or set BANGUI_FAIL2BAN_LOG to where BanGUI sees it.`;
    case 'unknown':
      return $localize`fail2ban has not said yet where it writes its log to. Start it, or set BANGUI_FAIL2BAN_LOG.`;
    default:
      return null;
  }
}
