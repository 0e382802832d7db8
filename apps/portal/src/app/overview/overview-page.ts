import { Component, computed, inject, input } from '@angular/core';
import { RouterLink } from '@angular/router';
import { BanActions } from '../bans/index';
import { JailsState } from '../api/jails-state';
import { ServerState } from '../api/server-state';
import { TasksState } from '../api/tasks-state';
import { Clock } from '../ui/clock';
import { Figures, RankingPanel, TrendPanel, WhereFromPanel } from '../dashboard/index';
import { formatBytes, formatDuration } from '../ui/format';
import { Icon } from '../ui/icon';
import { RangeWindow } from '../ui/range-window';
import { TimeRangePicker } from '../ui/time-range-picker';
import { AttentionList } from './attention-list';
import { BannedByJail } from './banned-by-jail';
import { LiveList } from './live-list';
import { verdictOf } from './verdict';

/** The first page: is the server protected, what happens now, what to do about it. */
@Component({
  selector: 'bangui-overview-page',
  imports: [
    AttentionList,
    BannedByJail,
    Figures,
    Icon,
    LiveList,
    RankingPanel,
    RouterLink,
    TimeRangePicker,
    TrendPanel,
    WhereFromPanel,
  ],
  templateUrl: './overview-page.html',
  styleUrl: './overview-page.css',
})
export class OverviewPage {
  private readonly clock = inject(Clock);
  private readonly jails = inject(JailsState);
  private readonly server = inject(ServerState);
  private readonly tasks = inject(TasksState);
  protected readonly actions = inject(BanActions);

  /** From the query string, as are the next two: the range of time. */
  readonly range = input<string>();
  readonly from = input<string>();
  readonly to = input<string>();

  protected readonly time = new RangeWindow(() => ({ range: this.range(), from: this.from(), to: this.to() }), '24h');

  protected readonly verdict = computed(() =>
    verdictOf(this.server.view(), this.jails.view().kind === 'ready' ? this.jails.all() : undefined),
  );
  protected readonly status = this.server.status;
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

  protected readonly scheduler = this.tasks.scheduler;
  protected readonly schedulerDetail = computed(() => {
    const scheduler = this.scheduler();
    if (!scheduler) return '';
    const { holder, instanceId } = scheduler;
    if (holder === null) return $localize`run nowhere`;
    return holder.instanceId === instanceId
      ? $localize`on this instance`
      : $localize`on ${holder.host}:host:, process ${String(holder.pid)}:pid:`;
  });

  private since(at: number): string {
    // In one step of a minute, so that the strip does not count seconds.
    const seconds = Math.max(0, Math.floor((this.clock.now() - at) / 60_000)) * 60;
    return seconds < 60 ? $localize`less than a minute` : formatDuration(seconds).split(' ').slice(0, 2).join(' ');
  }
}
