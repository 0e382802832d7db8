import { type Clock } from '../../../core/clock.ts';
import { type Database } from '../../../core/database/database.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { type AuditTrail } from '../../audit/index.ts';
import { TasksRepository } from '../../scheduler/index.ts';
import { shownRun } from '../run-shown.ts';
import { type ImportRun } from '../runs.dto.ts';
import { RunsRepository } from '../store/runs.repository.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { refuseTooEarly } from './asked-to-wait.ts';
import { endedRun } from './followed-run.ts';
import { importTaskId } from './import-task-id.ts';
import { newRun } from './imports.ts';

/** A list, and how its latest import ended. */
export interface ListedSource extends Pick<
  BlocklistSourceEntity,
  'id' | 'name' | 'feedName' | 'plugin' | 'isEnabled' | 'intervalMinutes'
> {
  /** Null before the first one has ended. */
  readonly latest: ImportRun | null;
}

/** Lists and their imports for the command line, which asks the instance that runs the tasks as any other instance does. */
export class ImportByCommand {
  private readonly sources: SourcesRepository;
  private readonly runs: RunsRepository;
  private readonly tasks: TasksRepository;

  constructor(
    database: Database,
    private readonly clock: Clock,
    private readonly audit: AuditTrail,
  ) {
    this.sources = new SourcesRepository(database);
    this.runs = new RunsRepository(database);
    this.tasks = new TasksRepository(database);
  }

  /** All, in the order they were made. */
  async list(): Promise<ListedSource[]> {
    const [sources, latest] = await Promise.all([this.sources.all(), this.runs.latest()]);
    return sources.map(({ id, name, feedName, plugin, isEnabled, intervalMinutes }) => {
      const run = latest.get(id);
      return { id, name, feedName, plugin, isEnabled, intervalMinutes, latest: run ? shownRun(run) : null };
    });
  }

  /** Leaves the wish for an import; one that waits or goes on already is that import. @throws {AskedToWait} */
  async ask({ id, name }: Pick<ListedSource, 'id' | 'name'>, requester: Requester): Promise<string> {
    await refuseTooEarly(this.runs, id, this.clock.now());
    const run = await this.runs.queue(newRun(id, 'by-hand', requester.username, this.clock.now()));
    await this.tasks.request(importTaskId, this.clock.now(), requester.username);
    const detail = { run: run.id };
    await this.audit.record({ requester, action: 'blocklist.run', subject: name, outcome: 'succeeded', detail });
    return run.id;
  }

  /**
   * Looks how far an import is.
   * @param waitedMs how long it has been waited for
   * @throws {ImportFailed | NobodyImports}
   */
  async look(runId: string, waitedMs: number): Promise<{ readonly isOver: boolean; readonly run: ImportRun | null }> {
    const run = await this.runs.byId(runId);
    const isOver = endedRun(run, waitedMs) !== undefined;
    return { isOver, run: run && shownRun(run) };
  }
}
