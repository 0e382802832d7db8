import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../clock.ts';
import { defineEvent, EventBus } from '../events/event-bus.ts';
import { AppError } from '../http/app-error.ts';
import { asAppError } from '../fail2ban/fail2ban-problems.ts';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { type Operation, type OperationKind } from './operation.dto.ts';

/** An operation began, came further or ended. */
export const operationChanged = defineEvent<Operation>('operation-changed');

/** How long a request waits for its operation before it answers 202, in milliseconds. */
const patienceMs = 4_000;
/** Operations kept in memory; the oldest that have ended make room. */
const kept = 200;
/** Operations running at once; each holds its input in memory and waits in one queue. */
const maxRunning = 50;
/** Progress is told at most this often, in milliseconds. */
const progressEveryMs = 250;

/** There is no such operation, or it is too long ago. */
export class OperationUnknown extends AppError {
  readonly code = 'operation-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such operation any more. The latest 200 are kept until the API stops.');
  }
}

/** Too much is being done already. */
export class TooManyOperations extends AppError {
  readonly code = 'too-many-operations';
  readonly status = 429;
  constructor() {
    super(`${maxRunning} operations are running already. Wait for one to end.`, { headers: { 'retry-after': '5' } });
  }
}

/** What an operation does. */
export interface OperationPlan {
  readonly kind: OperationKind;
  /** The jail it is about; null for all. */
  readonly subject: string | null;
  /** Does it; tells how far it is and returns the outcome. What it throws is the failure. */
  readonly work: (progress: (done: number, total: number) => void) => Promise<Record<string, unknown>>;
}

/** Runs changes that may outlast their request, tells their progress and keeps how the latest ended. */
@Injectable()
export class Operations {
  /** By id, oldest first. */
  private readonly all = new Map<string, Operation>();
  private running = 0;

  constructor(
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly log: Log,
  ) {}

  /**
   * Starts an operation and waits up to 4 s for its end.
   * @returns the operation, `succeeded` or still `running`
   * @throws {AppError} its failure, when it fails within that time; TooManyOperations beyond 50 at once
   */
  async run(plan: OperationPlan): Promise<Operation> {
    if (this.running >= maxRunning) throw new TooManyOperations();
    const id = randomUUID();
    this.store({
      id,
      kind: plan.kind,
      status: 'running',
      startedAt: this.clock.now(),
      finishedAt: null,
      progress: null,
      subject: plan.subject,
      outcome: null,
      error: null,
    });
    const end = this.carryOut(id, plan);
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'running'>((resolve) => {
      timer = setTimeout(() => resolve('running'), patienceMs);
    });
    const failure = await Promise.race([end, patience]);
    clearTimeout(timer);
    if (failure instanceof Error) throw failure;
    return this.get(id);
  }

  /** One operation. @throws {OperationUnknown} */
  get(id: string): Operation {
    const operation = this.all.get(id);
    if (!operation) throw new OperationUnknown();
    return operation;
  }

  /** The latest operations, newest first. */
  latest(count: number): Operation[] {
    return [...this.all.values()].slice(-count).reverse();
  }

  /** Never rejects: resolves to the failure, if there was one. */
  private async carryOut(id: string, plan: OperationPlan): Promise<Error | undefined> {
    this.running += 1;
    try {
      const outcome = await plan.work((done, total) => this.tellProgress(id, done, total));
      this.store({ ...this.get(id), status: 'succeeded', finishedAt: this.clock.now(), outcome });
      return undefined;
    } catch (error) {
      const failure = asAppError(error);
      const isExpected = failure instanceof AppError;
      if (!isExpected) this.log.error(logEvents.operationFailed, { operation: id, kind: plan.kind, error });
      this.store({
        ...this.get(id),
        status: 'failed',
        finishedAt: this.clock.now(),
        error: isExpected
          ? { code: failure.code, detail: failure.message }
          : { code: 'internal-error', detail: 'Something went wrong inside BanGUI; the log has the cause.' },
      });
      return failure;
    } finally {
      this.running -= 1;
      this.forgetOldest();
    }
  }

  private readonly toldAt = new Map<string, number>();

  private tellProgress(id: string, done: number, total: number): void {
    const operation = { ...this.get(id), progress: { done, total } };
    const now = this.clock.monotonic();
    const toldAt = this.toldAt.get(id);
    if (toldAt !== undefined && now - toldAt < progressEveryMs) {
      this.all.set(id, operation);
      return;
    }
    this.toldAt.set(id, now);
    this.store(operation);
  }

  private store(operation: Operation): void {
    this.all.set(operation.id, operation);
    if (operation.status !== 'running') this.toldAt.delete(operation.id);
    this.events.emit(operationChanged, operation);
  }

  private forgetOldest(): void {
    for (const [id, { status }] of this.all) {
      if (this.all.size <= kept) return;
      if (status !== 'running') this.all.delete(id);
    }
  }
}
