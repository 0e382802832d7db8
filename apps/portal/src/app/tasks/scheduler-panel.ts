import { Component, computed, inject, input } from '@angular/core';
import { type SchedulerInfo } from '../api/generated/models';
import { TasksState } from '../api/tasks-state';
import { Clock } from '../ui/clock';
import { formatDuration, formatNumber } from '../ui/format';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { roleWords } from './task-words';

/** After so many heartbeats that did not come, something is wrong. */
const MISSED_BEATS = 3;

/** Who holds the scheduler's lock, since when, and whether it is alive; what to do when nobody does. */
@Component({
  selector: 'bangui-scheduler-panel',
  imports: [Icon, Moment],
  templateUrl: './scheduler-panel.html',
  styleUrl: './scheduler-panel.css',
})
export class SchedulerPanel {
  private readonly clock = inject(Clock);
  private readonly tasks = inject(TasksState);
  readonly scheduler = input.required<SchedulerInfo>();

  protected readonly isOwn = computed(() => this.scheduler().holder?.instanceId === this.scheduler().instanceId);
  protected readonly heartbeatAt = this.tasks.heartbeatAt;
  protected readonly isLate = computed(() => {
    const at = this.heartbeatAt();
    return at !== null && this.clock.now() - at > this.scheduler().heartbeatSeconds * 1000 * MISSED_BEATS;
  });
  protected readonly ttl = computed(() => formatDuration(this.scheduler().lockTtlSeconds));
  protected readonly beat = computed(() => {
    const { heartbeatSeconds } = this.scheduler();
    return heartbeatSeconds % 1 === 0 ? formatDuration(heartbeatSeconds) : `${String(heartbeatSeconds)} s`;
  });
  protected readonly role = computed(() => roleWords(this.scheduler().role));
  protected readonly number = formatNumber;
}
