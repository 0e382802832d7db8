import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../clock.ts';
import { EventBus } from '../events/event-bus.ts';
import { AppError } from '../http/app-error.ts';
import { asAppError } from '../fail2ban/fail2ban-problems.ts';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { errorType, Tracing } from '../tracing/index.ts';
import { operationChanged } from './operation-changed.ts';
import { type Operation, type OperationKind } from './operation.dto.ts';
import { operationErrorOf } from './operation-failure.ts';
import { keptOperations, OperationsRepository } from './operations.repository.ts';
import { SharedOperations } from './shared-operations.ts';

/** How long a request waits for its operation before it answers 202, in milliseconds. */
const patienceMs = 4_000;
/** Operations running at once; each holds its input in memory and waits in one queue. */
const maxRunning = 50;
/** Progress is told at most this often, in milliseconds. */
const progressEveryMs = 250;
/** How often the database is told that operations go on, in milliseconds. */
const keepAliveMs = 10_000;
/** How long an answer 202 waits until other instances can read the operation, in milliseconds. */
const storeMs = 1_000;

/** There is no such operation, or it is too long ago. */
export class OperationUnknown extends AppError {
  readonly code = 'operation-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such operation any more. The latest 200 are kept.');
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

/**
 * Runs changes that may outlast their request, tells their progress and keeps how the latest ended. Other instances read
 * them from the database; a database that is away holds no change up.
 */
@Injectable()
export class Operations implements OnModuleInit, BeforeApplicationShutdown {
  /** Those of this instance by id, oldest first. */
  private readonly all = new Map<string, Operation>();
  private readonly toldAt = new Map<string, number>();
  /** Those that the database does not have as they are. */
  private readonly unsaved = new Map<string, Operation>();
  private saving: Promise<void> | undefined;
  private running = 0;
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly repository: OperationsRepository,
    private readonly shared: SharedOperations,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly tracing: Tracing,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.timer = setInterval(() => void this.keepAlive(), keepAliveMs).unref();
  }

  async beforeApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.saving;
  }

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
    const end = this.tracing.inSpan(
      { name: `operation ${plan.kind}`, facts: { 'bangui.operation.kind': plan.kind } },
      async (tell) => {
        const failure = await this.carryOut(id, plan);
        if (failure) tell({ 'error.type': errorType(failure) });
        return failure;
      },
    );
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<'running'>((resolve) => {
      timer = setTimeout(() => resolve('running'), patienceMs);
    });
    const failure = await Promise.race([end, patience]);
    clearTimeout(timer);
    if (failure instanceof Error) throw failure;
    const operation = this.own(id);
    // Whoever gets a 202 may ask another instance next.
    if (operation.status === 'running') await this.stored();
    return operation;
  }

  /** One operation, of this instance or of another one. @throws {OperationUnknown} */
  async get(id: string): Promise<Operation> {
    const own = this.all.get(id);
    if (own) return own;
    const stored = await this.repository.find(id);
    if (!stored) throw new OperationUnknown();
    return this.shared.withProgress(stored);
  }

  /** The latest operations of all instances, newest first. */
  async latest(count: number): Promise<Operation[]> {
    const stored = await this.repository.latest(count);
    const all = new Map(stored.reverse().map((one) => [one.id, this.shared.withProgress(one)]));
    // What this instance knows of its own is newer.
    for (const [id, operation] of this.all) all.set(id, operation);
    // Of several in one millisecond the order in which they came stays.
    const newestFirst = [...all.values()].reverse().sort((one, other) => other.startedAt - one.startedAt);
    return newestFirst.slice(0, count);
  }

  private own(id: string): Operation {
    const operation = this.all.get(id);
    if (!operation) throw new OperationUnknown();
    return operation;
  }

  /** Never rejects: resolves to the failure, if there was one. */
  private async carryOut(id: string, plan: OperationPlan): Promise<Error | undefined> {
    this.running += 1;
    try {
      const outcome = await plan.work((done, total) => this.tellProgress(id, done, total));
      this.store({ ...this.own(id), status: 'succeeded', finishedAt: this.clock.now(), outcome });
      return undefined;
    } catch (error) {
      const failure = asAppError(error);
      if (!(failure instanceof AppError))
        this.log.error(logEvents.operationFailed, { operation: id, kind: plan.kind, error });
      this.store({
        ...this.own(id),
        status: 'failed',
        finishedAt: this.clock.now(),
        error: operationErrorOf(failure),
      });
      return failure;
    } finally {
      this.running -= 1;
      this.forgetOldest();
    }
  }

  private tellProgress(id: string, done: number, total: number): void {
    const operation = { ...this.own(id), progress: { done, total } };
    const now = this.clock.monotonic();
    const toldAt = this.toldAt.get(id);
    if (toldAt !== undefined && now - toldAt < progressEveryMs) {
      this.all.set(id, operation);
      return;
    }
    this.toldAt.set(id, now);
    this.all.set(id, operation);
    this.events.emit(operationChanged, operation);
    this.shared.tellProgress(id, { done, total });
  }

  private store(operation: Operation): void {
    this.all.set(operation.id, operation);
    if (operation.status !== 'running') this.toldAt.delete(operation.id);
    this.events.emit(operationChanged, operation);
    this.unsaved.set(operation.id, operation);
    this.saving ??= this.saveAll().finally(() => {
      this.saving = undefined;
    });
  }

  /** Never rejects. */
  private async saveAll(): Promise<void> {
    while (this.unsaved.size > 0) {
      const operations = [...this.unsaved.values()];
      this.unsaved.clear();
      try {
        await this.repository.save(operations);
        for (const { id } of operations) this.shared.tellStored(id);
      } catch (error) {
        // Only other instances miss it; this one has it in memory.
        this.log.warn(logEvents.operationNotShared, { operations: operations.length, error });
      }
    }
  }

  /** Resolves when the database has what it was given so far, or the time for it is over. */
  private async stored(): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const patience = new Promise<void>((resolve) => {
      timer = setTimeout(resolve, storeMs);
    });
    await Promise.race([this.saving, patience]);
    clearTimeout(timer);
  }

  private async keepAlive(): Promise<void> {
    const ids = [...this.all.values()].filter(({ status }) => status === 'running').map(({ id }) => id);
    if (ids.length === 0) return;
    try {
      await this.repository.keepAlive(ids);
    } catch (error) {
      // Tried again before others give them up.
      this.log.warn(logEvents.operationNotShared, { operations: ids.length, error });
    }
  }

  private forgetOldest(): void {
    for (const [id, { status }] of this.all) {
      if (this.all.size <= keptOperations) return;
      if (status !== 'running') this.all.delete(id);
    }
  }
}
