import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { EventBus } from '../../../core/events/event-bus.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { type Operation, Operations } from '../../../core/operations/index.ts';
import { AuditTrail } from '../../audit/index.ts';
import { TaskRequests } from '../../scheduler/index.ts';
import { shownRun } from '../run-shown.ts';
import { type ImportRunEntity } from '../store/run.entity.ts';
import { RunsRepository } from '../store/runs.repository.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';
import { refuseTooEarly } from './asked-to-wait.ts';
import { endedRun } from './followed-run.ts';
import { importChanged } from './import-events.ts';
import { newRun } from './imports.ts';
import { importTaskId } from './import-task-id.ts';

/** How often the run is looked up while nobody tells of it, in milliseconds. */
const lookMs = 500;

/** Asks for imports by hand. The instance that runs tasks does them; any instance may be asked. */
@Injectable()
export class ImportRequests {
  constructor(
    private readonly runs: RunsRepository,
    private readonly tasks: TaskRequests,
    private readonly operations: Operations,
    private readonly events: EventBus,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
  ) {}

  /** Asks for an import without anybody waiting for it. */
  async queue(source: Pick<BlocklistSourceEntity, 'id'>, username: string): Promise<ImportRunEntity> {
    const run = await this.runs.queue(newRun(source.id, 'by-hand', username, this.clock.now()));
    await this.tasks.request(importTaskId, username);
    return run;
  }

  /** Imports a list as an operation. @throws {AskedToWait} */
  async run(source: BlocklistSourceEntity, requester: Requester): Promise<Operation> {
    await refuseTooEarly(this.runs, source.id, this.clock.now());
    const run = await this.queue(source, requester.username);
    const action = 'blocklist.run';
    await this.audit.record({ requester, action, subject: source.name, outcome: 'succeeded', detail: { run: run.id } });
    return this.operations.run({
      kind: 'import',
      subject: source.name,
      work: async (progress) => ({ ...shownRun(await this.follow(run.id, progress)) }),
    });
  }

  /** Resolves when the run has ended, wherever it runs. */
  private async follow(runId: string, progress: (done: number, total: number) => void): Promise<ImportRunEntity> {
    const asked = this.clock.monotonic();
    for (;;) {
      const ended = endedRun(await this.runs.byId(runId), this.clock.monotonic() - asked);
      if (ended) return ended;
      await this.nextNews(runId, progress);
    }
  }

  /** Waits until something is told of the run, or a little. */
  private nextNews(runId: string, progress: (done: number, total: number) => void): Promise<undefined> {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), lookMs);
    const end = this.events.on(importChanged, (news) => {
      if (news.runId !== runId) return;
      if (news.progress) progress(news.progress.done, news.progress.total);
      else resolve(undefined);
    });
    return promise.finally(() => {
      clearTimeout(timer);
      end();
    });
  }
}
