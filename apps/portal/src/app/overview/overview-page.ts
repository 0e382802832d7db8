import { Component, computed, inject } from '@angular/core';
import { BanActions } from '../bans/index';
import { JailsState } from '../api/jails-state';
import { ServerState } from '../api/server-state';
import { Clock } from '../ui/clock';
import { formatBytes, formatDuration, formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { AttentionList } from './attention-list';
import { BannedByJail } from './banned-by-jail';
import { LiveList } from './live-list';
import { verdictOf } from './verdict';

/** The first page: is the server protected, what happens now, what to do about it. */
@Component({
  selector: 'bangui-overview-page',
  imports: [AttentionList, BannedByJail, Icon, LiveList],
  templateUrl: './overview-page.html',
  styleUrl: './overview-page.css',
})
export class OverviewPage {
  private readonly clock = inject(Clock);
  private readonly jails = inject(JailsState);
  private readonly server = inject(ServerState);
  protected readonly actions = inject(BanActions);

  protected readonly verdict = computed(() =>
    verdictOf(this.server.view(), this.jails.view().kind === 'ready' ? this.jails.all() : undefined),
  );
  protected readonly status = this.server.status;
  protected readonly hasJails = computed(() => this.jails.view().kind === 'ready');
  protected readonly fail2banDetail = computed(() => {
    const status = this.server.status();
    if (!status) return '';
    if (!status.online) return $localize`offline`;
    return status.startedAt === null ? $localize`online` : $localize`up ${this.since(status.startedAt)}:duration:`;
  });
  protected readonly apiDetail = computed(() => {
    const status = this.server.status();
    return status ? $localize`up ${this.since(status.api.startedAt)}:duration:` : '';
  });
  protected readonly databaseDetail = computed(() => {
    const database = this.server.status()?.database;
    if (!database) return '';
    const kind = database.kind === 'postgres' ? 'PostgreSQL' : 'SQLite';
    return database.sizeBytes === null ? kind : `${kind}, ${formatBytes(database.sizeBytes)}`;
  });

  protected readonly bannedNow = computed(() => formatNumber(this.jails.bannedNow()));
  protected readonly bannedIn = computed(() => {
    const count = this.jails.all().filter((jail) => jail.currentlyBanned > 0).length;
    return count === 1 ? $localize`in 1 jail` : $localize`in ${formatNumber(count)}:count: jails`;
  });
  protected readonly totalBanned = computed(() => formatNumber(this.sum('totalBanned')));
  protected readonly failedNow = computed(() => formatNumber(this.sum('currentlyFailed')));
  protected readonly totalFailed = computed(() => formatNumber(this.sum('totalFailed')));
  protected readonly armed = computed(() =>
    formatNumber(this.jails.all().filter((jail) => jail.state === 'running' && jail.armed.status === 'armed').length),
  );
  protected readonly allJails = computed(() => formatNumber(this.jails.all().length));

  private sum(name: 'totalBanned' | 'currentlyFailed' | 'totalFailed'): number {
    return this.jails.all().reduce((total, jail) => total + jail[name], 0);
  }

  private since(at: number): string {
    // In one step of a minute, so that the strip does not count seconds.
    const seconds = Math.max(0, Math.floor((this.clock.now() - at) / 60_000)) * 60;
    return seconds < 60 ? $localize`less than a minute` : formatDuration(seconds).split(' ').slice(0, 2).join(' ');
  }
}
