import { inject, Service } from '@angular/core';
import { filter, firstValueFrom, from, map, merge, of, switchMap, timer, catchError, takeWhile, tap } from 'rxjs';
import { Live } from './live/live';
import { Toasts } from '../ui/toasts';
import { Api } from './generated/api';
import { operationsOne } from './generated/fn/operations/operations-one';
import { type Operation } from './generated/models';
import { fieldProblemsOf, ProblemError } from './problem';

/** Between two looks at a running operation when the event stream is silent, milliseconds. */
const LOOK_EVERY_MS = 2000;

/** Starts work on the server and waits for what came of it. */
@Service()
export class Operations {
  private readonly api = inject(Api);
  private readonly live = inject(Live);
  private readonly toasts = inject(Toasts);

  /**
   * Takes a changing request and gives the finished operation. One that takes longer than the API waits (4 s) shows a
   * toast with a bar, named by `doing`. Throws ProblemError when it failed.
   */
  async run(request: Promise<Operation>, doing: string): Promise<Operation> {
    const operation = await request;
    const finished = operation.status === 'running' ? await this.follow(operation, doing) : operation;
    if (finished.status === 'succeeded') return finished;
    throw new ProblemError({
      code: finished.error?.code ?? 'unexpected',
      status: finished.error?.status ?? 0,
      detail: finished.error?.detail ?? '',
      errors: fieldProblemsOf(finished.error?.errors),
      retryAfter: finished.error?.retryAfter ?? null,
    });
  }

  private async follow(operation: Operation, doing: string): Promise<Operation> {
    const toast = this.toasts.show(doing, { meaning: 'info', progress: share(operation) });
    const told = this.live.events.pipe(
      filter((event) => event.name === 'operation'),
      map((event) => event.data),
      filter((candidate) => candidate.id === operation.id),
    );
    const looked = timer(LOOK_EVERY_MS, LOOK_EVERY_MS).pipe(
      switchMap(() =>
        // While the API is away the operation is what it was.
        from(this.api.invoke(operationsOne, { id: operation.id })).pipe(catchError(() => of(operation))),
      ),
    );
    try {
      return await firstValueFrom(
        merge(told, looked).pipe(
          tap((now) => this.toasts.progress(toast, share(now))),
          takeWhile((now) => now.status === 'running', true),
          filter((now) => now.status !== 'running'),
        ),
      );
    } finally {
      this.toasts.dismiss(toast);
    }
  }
}

function share(operation: Operation): number {
  const { progress } = operation;
  return progress && progress.total > 0 ? progress.done / progress.total : 0;
}
