import { effect, inject, Service, signal } from '@angular/core';
import { type TaskInfo } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { TasksState } from '../api/tasks-state';
import { Confirm } from '../ui/confirm';
import { DialogOpener } from '../ui/dialog-opener';
import { Toasts } from '../ui/toasts';
import { outcomeMeaning, outcomeWords, scheduleWords, taskTitle, tookWords } from './task-words';
import { TasksApi } from './tasks-api';

/** Running, pausing, rescheduling tasks: does it and says what came of it. */
@Service()
export class TaskActions {
  private readonly api = inject(TasksApi);
  private readonly confirm = inject(Confirm);
  private readonly dialogs = inject(DialogOpener);
  private readonly tasks = inject(TasksState);
  private readonly toasts = inject(Toasts);
  private readonly sending = signal<ReadonlySet<string>>(new Set());
  /** Tasks of which a run was asked for here, with the id of the latest run before it. */
  private readonly awaited = new Map<string, string>();

  constructor() {
    effect(() => {
      for (const task of this.tasks.all()) this.tellOutcome(task);
    });
  }

  /** True while a request about this task is under way. */
  isBusy(id: string): boolean {
    return this.sending().has(id);
  }

  /** Asks for a run now. Its outcome is told when it is there. */
  async run(task: TaskInfo): Promise<void> {
    this.awaited.set(task.id, task.lastRun?.id ?? '');
    const isAsked = await this.report(task.id, async () => {
      await this.api.run(task.id);
      this.tasks.reload();
    });
    if (!isAsked) this.awaited.delete(task.id);
    else if (this.tasks.isAbandoned()) {
      this.toasts.show($localize`Asked for. It begins when an instance holds the lock.`, { meaning: 'watch' });
    }
  }

  /** Pauses a task; asks first when that stops a run. */
  async pause(task: TaskInfo): Promise<void> {
    const title = taskTitle(task);
    if (task.state === 'running' && !(await this.agreesToStop(title))) return;
    await this.report(task.id, async () => {
      this.tasks.take(await this.api.change(task.id, { isPaused: true }));
      this.toasts.show($localize`“${title}:task:” is paused.`, {
        action: { label: $localize`Undo`, run: () => void this.resume(task) },
      });
    });
  }

  /** Lets a paused task run again. */
  async resume(task: TaskInfo): Promise<void> {
    await this.report(task.id, async () => {
      this.tasks.take(await this.api.change(task.id, { isPaused: false }));
      this.toasts.show($localize`“${taskTitle(task)}:task:” goes on.`);
    });
  }

  /** Opens the dialog for another schedule. */
  async reschedule(task: TaskInfo): Promise<void> {
    const changed = await this.dialogs.open<TaskInfo, TaskInfo>({
      load: async () => (await import('./schedule-dialog')).ScheduleDialog,
      width: '480px',
      data: task,
    });
    if (!changed) return;
    this.tasks.take(changed);
    this.toasts.show($localize`“${taskTitle(task)}:task:” runs ${scheduleWords(changed.schedule)}:schedule: now.`);
  }

  private agreesToStop(title: string): Promise<boolean> {
    return this.confirm.ask({
      title: $localize`Pause “${title}:task:”?`,
      text: $localize`The run that goes on is stopped, and none begins until the task is resumed.`,
      action: $localize`Pause`,
    });
  }

  private tellOutcome(task: TaskInfo): void {
    const before = this.awaited.get(task.id);
    const run = task.lastRun;
    if (before === undefined || !run || run.id === before || run.trigger !== 'by-hand' || run.outcome === 'running') {
      return;
    }
    this.awaited.delete(task.id);
    const meaning = outcomeMeaning(run.outcome);
    const outcome = `${taskTitle(task)}: ${outcomeWords(run.outcome)}`;
    const took = run.durationMs === null ? '' : ` (${tookWords(run.durationMs)})`;
    this.toasts.show(`${outcome}${took}${run.error === null ? '' : `. ${run.error}`}`, {
      meaning: meaning === '' ? 'info' : meaning,
    });
  }

  private async report(id: string, work: () => Promise<void>): Promise<boolean> {
    if (this.isBusy(id)) return false;
    this.sending.update((ids) => new Set([...ids, id]));
    try {
      await work();
      return true;
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
      return false;
    } finally {
      this.sending.update((ids) => new Set([...ids].filter((other) => other !== id)));
    }
  }
}
