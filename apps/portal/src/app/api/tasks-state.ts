import { httpResource } from '@angular/common/http';
import { computed, effect, inject, Service, signal, untracked } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { Clock } from '../ui/clock';
import { tasksList } from './generated/fn/tasks/tasks-list';
import { type TaskInfo, type TaskList } from './generated/models';
import { Live } from './live/live';
import { LiveValue } from './live-value';
import { SessionState } from './session-state';

/** Every background task and who runs them, kept up to date by live events. */
@Service()
export class TasksState {
  private readonly clock = inject(Clock);
  private readonly session = inject(SessionState);
  private readonly live = new LiveValue(
    httpResource<TaskList>(() => (this.session.isSignedIn() ? tasksList.PATH : undefined)),
  );
  private readonly beatAt = signal<number | null>(null);

  readonly view = this.live.view;
  readonly all = computed<readonly TaskInfo[]>(() => this.live.value()?.items ?? []);
  readonly byId = computed(() => new Map(this.all().map((task) => [task.id, task])));
  /** Undefined before the first answer. */
  readonly scheduler = computed(() => this.live.value()?.scheduler);
  /** The holder's last heartbeat on this page's clock, epoch milliseconds; null when nobody holds the lock. */
  readonly heartbeatAt = this.beatAt.asReadonly();
  /** Those that failed last or are paused. */
  readonly troubled = computed(() => this.all().filter((task) => task.isPaused || hasFailed(task)));
  /** True when it is known that no instance runs the tasks. */
  readonly isAbandoned = computed(() => this.scheduler()?.holder === null);

  constructor() {
    // The age was measured when the answer was given, by the clock of the database, which need not be ours.
    effect(() => {
      const holder = this.scheduler()?.holder;
      this.beatAt.set(holder ? untracked(this.clock.now) - holder.heartbeatAgeMs : null);
    });
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.name === 'resync') this.live.reload();
        if (event.name === 'task') this.take(event.data);
        if (event.name === 'scheduler') this.live.change((list) => ({ ...list, scheduler: event.data }));
      });
  }

  /** Takes over what the API said of one task. */
  take(task: TaskInfo): void {
    this.live.change((list) => ({ ...list, items: list.items.map((other) => (other.id === task.id ? task : other)) }));
  }

  reload(): void {
    this.live.reload();
  }

  /** Reads again every few seconds while the caller lives, because no event tells a heartbeat. Needs an injection context. */
  follow(): void {
    this.live.follow();
  }
}

/** Whether the latest run went wrong. */
export function hasFailed(task: TaskInfo): boolean {
  return task.lastRun?.outcome === 'failed' || task.lastRun?.outcome === 'timed-out';
}
