import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { EventBus } from '../../../core/events/event-bus.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { type Operation, Operations } from '../../../core/operations/index.ts';
import { AuditTrail } from '../../audit/index.ts';
import { TaskRequests } from '../../scheduler/index.ts';
import { AskedToWait, ImportFailed, NobodyImports } from '../blocklists.errors.ts';
import { shownRun } from '../run-shown.ts';
import { type ImportRunEntity } from '../store/run.entity.ts';
import { RunsRepository } from '../store/runs.repository.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';
import { importChanged } from './import-events.ts';
import { newRun } from './imports.ts';
import { importTaskId } from './import-task-id.ts';

/** How often the run is looked up while nobody tells of it, in milliseconds. */
const lookMs = 500;
/** A run that has not begun after so many milliseconds waits for an instance that runs tasks. */
const patienceMs = 60_000;

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
    await this.refuseTooEarly(source);
    const run = await this.queue(source, requester.username);
    const action = 'blocklist.run';
    await this.audit.record({ requester, action, subject: source.name, outcome: 'succeeded', detail: { run: run.id } });
    return this.operations.run({
      kind: 'import',
      subject: source.name,
      work: async (progress) => ({ ...shownRun(await this.follow(run.id, progress)) }),
    });
  }

  private async refuseTooEarly({ id }: BlocklistSourceEntity): Promise<void> {
    const latest = (await this.runs.latest()).get(id);
    // Only what the publisher itself has asked for: an administrator may try again after any other failure.
    if (latest?.error !== 'rate-limited' || latest.retryAt === null) return;
    const seconds = Math.ceil((latest.retryAt - this.clock.now()) / 1_000);
    if (seconds > 0) throw new AskedToWait(seconds);
  }

  /** Resolves when the run has ended, wherever it runs. */
  private async follow(runId: string, progress: (done: number, total: number) => void): Promise<ImportRunEntity> {
    const asked = this.clock.monotonic();
    for (;;) {
      const run = await this.runs.byId(runId);
      if (!run) throw new ImportFailed('interrupted', 'The list was removed meanwhile.');
      if (run.outcome === 'failed') throw new ImportFailed(run.error ?? 'failed', run.message ?? 'The import failed.');
      if (run.outcome === 'interrupted') throw new ImportFailed('interrupted', 'The import was cut short.');
      if (run.outcome !== 'queued' && run.outcome !== 'running') return run;
      if (run.outcome === 'queued' && this.clock.monotonic() - asked > patienceMs) throw new NobodyImports();
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
