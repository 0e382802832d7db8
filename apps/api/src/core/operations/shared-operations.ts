import { isDeepStrictEqual } from 'node:util';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { EventBus } from '../events/event-bus.ts';
import { defineTopic, InstanceBus, membersOf } from '../instances/index.ts';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { type Operation, type OperationProgress } from './operation.dto.ts';
import { operationChanged } from './operation-changed.ts';
import { OperationsRepository } from './operations.repository.ts';

/** Operations of others that are remembered. */
const maxKnown = 200;
/** Operations looked at when something may have been missed. */
const looked = 50;

interface OperationNews {
  readonly id: string;
  /** Null when the operation was stored anew and is to be read. */
  readonly progress: OperationProgress | null;
}

const operationNews = defineTopic<OperationNews>('operation', (payload) => {
  const { id, progress } = membersOf(payload);
  const { done, total } = membersOf(progress);
  if (typeof id !== 'string' || id.length > 36) return undefined;
  if (progress === null) return { id, progress };
  return isCount(done) && isCount(total) ? { id, progress: { done, total } } : undefined;
});

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

/** What the instances tell each other of their operations. The database has them; a message only says where to look. */
@Injectable()
export class SharedOperations implements OnModuleInit {
  /** Those of other instances as they were last told here, by id, oldest first. */
  private readonly known = new Map<string, Operation>();
  /** Tail of the readings, so that an older state is never told after a newer one. */
  private reading: Promise<void> = Promise.resolve();

  constructor(
    private readonly repository: OperationsRepository,
    private readonly bus: InstanceBus,
    private readonly events: EventBus,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.bus.on(operationNews, {
      take: ({ id, progress }) => this.inTurn(() => (progress ? this.takeProgress(id, progress) : this.read(id))),
      readAgain: () => this.inTurn(() => this.readAgain()),
    });
  }

  /** Tells others that one of ours was stored anew. */
  tellStored(id: string): void {
    this.bus.publish(operationNews, { id, progress: null });
  }

  /** Tells others how far one of ours is. */
  tellProgress(id: string, progress: OperationProgress): void {
    this.bus.publish(operationNews, { id, progress });
  }

  /** An operation of another instance as it was stored, with the progress that was told since. */
  withProgress(stored: Operation): Operation {
    const progress = stored.status === 'running' ? this.known.get(stored.id)?.progress : undefined;
    return progress ? { ...stored, progress } : stored;
  }

  private inTurn(work: () => Promise<void>): void {
    this.reading = this.reading.then(work).catch((error: unknown) => {
      // The database is away; whoever asks for the operation reads it.
      this.log.warn(logEvents.operationNotShared, { error });
    });
  }

  private async takeProgress(id: string, progress: OperationProgress): Promise<void> {
    const operation = this.known.get(id);
    if (!operation) await this.read(id);
    else if (operation.status === 'running') this.tell({ ...operation, progress });
  }

  private async read(id: string): Promise<void> {
    const operation = await this.repository.find(id);
    if (operation) this.tell(operation);
  }

  private async readAgain(): Promise<void> {
    const latest = await this.repository.latest(looked);
    for (const operation of latest.reverse()) {
      const known = this.known.get(operation.id);
      // What ended before this instance heard of it is no news.
      if (known ? known.status !== operation.status : operation.status === 'running') this.tell(operation);
    }
  }

  private tell(operation: Operation): void {
    const before = this.known.get(operation.id);
    this.known.delete(operation.id);
    this.known.set(operation.id, operation);
    const [oldest] = this.known.keys();
    if (this.known.size > maxKnown && oldest !== undefined) this.known.delete(oldest);
    // A message and a look at what may have been missed find the same.
    if (!isDeepStrictEqual(before, operation)) this.events.emit(operationChanged, operation);
  }
}
