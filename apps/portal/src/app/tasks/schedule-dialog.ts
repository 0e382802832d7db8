import { Component, computed, inject, signal } from '@angular/core';
import { MAT_DIALOG_DATA, MatDialogModule, MatDialogRef } from '@angular/material/dialog';
import { type ScheduleChange, type TaskInfo } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { Clock } from '../ui/clock';
import { formatDuration, formatMoment, formatExact } from '../ui/format';
import { ProblemNote } from '../ui/problem-note';
import { cronTimes, readCron, tidyCron } from './cron-times';
import { cronFaultWords, scheduleWords, taskTitle } from './task-words';
import { TasksApi } from './tasks-api';

/** As the API allows, seconds. */
const SHORTEST = 60;
const LONGEST = 30 * 86_400;
const UNITS = [86_400, 3600, 60, 1] as const;
const NEXT_TIMES = 3;

/** Asks when a task is to run instead and has it so; closes with the task as it is then. */
@Component({
  selector: 'bangui-schedule-dialog',
  imports: [Busy, MatDialogModule, ProblemNote],
  templateUrl: './schedule-dialog.html',
  styleUrl: './schedule-dialog.css',
})
export class ScheduleDialog {
  private readonly api = inject(TasksApi);
  private readonly clock = inject(Clock);
  private readonly dialog = inject<MatDialogRef<ScheduleDialog, TaskInfo>>(MatDialogRef);
  protected readonly task = inject<TaskInfo>(MAT_DIALOG_DATA);

  private readonly everySeconds = this.task.schedule.everySeconds ?? 3600;
  private readonly firstUnit = UNITS.find((unit) => this.everySeconds % unit === 0) ?? 1;
  protected readonly kind = signal<'cron' | 'interval'>(this.task.schedule.kind === 'cron' ? 'cron' : 'interval');
  protected readonly count = signal(String(this.everySeconds / this.firstUnit));
  protected readonly unit = signal(String(this.firstUnit));
  protected readonly cron = signal(this.task.schedule.cron ?? '40 3 * * *');
  protected readonly isSending = signal(false);
  protected readonly problem = signal<string | null>(null);

  protected readonly title = taskTitle(this.task);
  protected readonly defaultWords = scheduleWords(this.task.defaultSchedule);
  protected readonly isDefault = scheduleWords(this.task.schedule) === this.defaultWords;
  protected readonly units = [
    { seconds: '60', label: $localize`minutes` },
    { seconds: '3600', label: $localize`hours` },
    { seconds: '86400', label: $localize`days` },
    // Only for a schedule that was made so elsewhere: nobody needs to choose it.
    ...(this.firstUnit === 1 ? [{ seconds: '1', label: $localize`seconds` }] : []),
  ];

  private readonly seconds = computed(() =>
    /^\d{1,7}$/.test(this.count().trim()) ? Number(this.count()) * Number(this.unit()) : Number.NaN,
  );
  private readonly read = computed(() => readCron(this.cron()));
  /** What is wrong with what was typed; null when nothing is. */
  protected readonly fault = computed(() => {
    if (this.kind() === 'cron') {
      const read = this.read();
      return 'kind' in read ? cronFaultWords(read) : null;
    }
    const isFit = this.seconds() >= SHORTEST && this.seconds() <= LONGEST;
    return isFit ? null : $localize`From ${formatDuration(SHORTEST)}:least: to ${formatDuration(LONGEST)}:most:.`;
  });
  private readonly chosen = computed<ScheduleChange | null>(() => {
    if (this.fault() !== null) return null;
    return this.kind() === 'cron'
      ? { kind: 'cron', cron: tidyCron(this.cron()) }
      : { kind: 'interval', everySeconds: this.seconds() };
  });
  protected readonly words = computed(() => {
    const chosen = this.chosen();
    return chosen === null
      ? null
      : scheduleWords({ kind: chosen.kind, cron: chosen.cron ?? null, everySeconds: chosen.everySeconds ?? null });
  });
  /** When it would run next, for a look before it is done. */
  protected readonly times = computed(() => {
    if (this.chosen() === null) return [];
    const now = Math.floor(this.clock.now() / 60_000) * 60_000;
    const read = this.read();
    const times =
      this.kind() === 'cron' && !('kind' in read)
        ? cronTimes(read, now, NEXT_TIMES)
        : intervalTimes(this.task.lastRun?.startedAt ?? now, this.seconds() * 1000, now);
    return times.map((at) => ({ at, text: formatMoment(at), exact: formatExact(at) }));
  });

  protected save(event: Event): void {
    event.preventDefault();
    const chosen = this.chosen();
    if (chosen) void this.send(chosen);
  }

  protected useDefault(): void {
    void this.send(null);
  }

  private async send(schedule: ScheduleChange | null): Promise<void> {
    if (this.isSending()) return;
    this.isSending.set(true);
    this.problem.set(null);
    try {
      this.dialog.close(await this.api.change(this.task.id, { schedule }));
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    } finally {
      this.isSending.set(false);
    }
  }
}

/** The next times of an interval: counted from the latest run, but not before now. */
function intervalTimes(last: number, every: number, now: number): readonly number[] {
  const first = Math.max(last + every, now);
  return Array.from({ length: NEXT_TIMES }, (_, index) => first + index * every);
}
