import { Component, computed, inject } from '@angular/core';
import { RouterLink } from '@angular/router';
import { ConfigurationState } from '../api/configuration-state';
import { BlocklistsState } from '../api/blocklists-state';
import { EnforcementState } from '../api/enforcement-state';
import { type Blocklist, type JailSummary, type TaskInfo } from '../api/generated/models';
import { JailActions } from '../jails/index';
import { concernOf } from '../jails/index';
import { JailsState } from '../api/jails-state';
import { ServerState } from '../api/server-state';
import { hasFailed, TasksState } from '../api/tasks-state';
import { concernMeaning, concernWords } from '../enforcement/index';
import { stateWords } from '../blocklists/index';
import { TaskActions, taskTitle } from '../tasks/index';
import { Busy } from '../ui/busy';
import { formatNumber } from '../ui/format';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { Skeleton } from '../ui/skeleton';

/** More than these are one link to the list of jails. */
const MOST = 6;

/** What a person should do something about, each with the button that does it. */
@Component({
  selector: 'bangui-attention-list',
  imports: [Busy, HostileText, Icon, RouterLink, Skeleton],
  templateUrl: './attention-list.html',
  styleUrl: './attention-list.css',
})
export class AttentionList {
  protected readonly actions = inject(JailActions);
  protected readonly jails = inject(JailsState);
  protected readonly server = inject(ServerState);
  protected readonly taskActions = inject(TaskActions);
  protected readonly tasks = inject(TasksState);
  protected readonly lists = inject(BlocklistsState);
  protected readonly enforcement = inject(EnforcementState);
  protected readonly configuration = inject(ConfigurationState);
  protected readonly enforcementWords = concernWords;
  protected readonly enforcementMeaning = concernMeaning;
  protected readonly listWords = stateWords;

  protected readonly isOffline = computed(() => !this.server.isOnline());
  /** While fail2ban is gone its jails are no news of their own. */
  private readonly all = computed(() => (this.isOffline() ? [] : [...this.jails.unarmed()].sort(byUrgency)));
  protected readonly shown = computed(() => this.all().slice(0, MOST));
  protected readonly more = computed(() => this.all().length - this.shown().length);
  private readonly total = computed(
    () =>
      this.all().length +
      this.tasks.troubled().length +
      this.lists.troubled().length +
      this.enforcement.concerns().length +
      (this.configuration.interrupted() ? 1 : 0) +
      (this.isOffline() ? 1 : 0) +
      (this.tasks.isAbandoned() ? 1 : 0),
  );
  protected readonly count = computed(() => formatNumber(this.total()));
  protected readonly isQuiet = computed(() => this.total() === 0);

  protected readonly concern = (jail: JailSummary): string => concernOf(jail);

  constructor() {
    this.configuration.follow();
  }

  protected titleOf(jail: JailSummary): string {
    if (jail.state === 'stopped') return $localize`${jail.name}:jail: does not run`;
    return jail.state === 'idle' && jail.armed.status !== 'not-armed'
      ? $localize`${jail.name}:jail: is idle`
      : $localize`${jail.name}:jail: is not armed`;
  }

  protected titleOfTask(task: TaskInfo): string {
    const title = taskTitle(task);
    return task.isPaused ? $localize`“${title}:task:” is paused` : $localize`“${title}:task:” failed`;
  }

  protected isDangerTask(task: TaskInfo): boolean {
    return !task.isPaused && hasFailed(task);
  }

  protected isDangerList({ state }: Blocklist): boolean {
    return state !== 'stale';
  }

  protected isDanger(jail: JailSummary): boolean {
    return jail.state === 'stopped' || jail.armed.status === 'not-armed';
  }
}

function byUrgency(a: JailSummary, b: JailSummary): number {
  const rank = (jail: JailSummary): number =>
    jail.armed.status === 'not-armed' ? 0 : jail.state === 'stopped' ? 1 : 2;
  return rank(a) - rank(b) || a.name.localeCompare(b.name);
}
