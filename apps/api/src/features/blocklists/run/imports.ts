import { randomUUID } from 'node:crypto';
import { isDeepStrictEqual } from 'node:util';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { release } from '../../../core/database/handed-over.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { SecretUnreadable } from '../../../core/secrets/secret-box.ts';
import { type TaskContext, type TaskResult } from '../../../core/tasks/task.ts';
import { type TellSpan, Tracing } from '../../../core/tracing/index.ts';
import { SourcePlugins } from '../../plugins/index.ts';
import { dueAt } from '../sources/source-state.ts';
import { ImportRunEntity, type ImportTrigger } from '../store/run.entity.ts';
import { RunsRepository } from '../store/runs.repository.ts';
import { type SnapshotHead, ImportSuperseded, SnapshotsRepository } from '../store/snapshots.repository.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { Wanted } from '../wanted/wanted.ts';
import { ImportEvents } from './import-events.ts';
import { type ImportResult } from './import-job.ts';
import { ImportJobs, PluginMissing } from './import-jobs.ts';
import { ended, failed, failureWith, logLine, logOf, type StoredFunnel } from './import-outcome.ts';
import { ImportThread, ImportThreadFailed, ImportThreadSilent } from './import-thread.ts';

/** Sources that are downloaded at once: one slow publisher must not hold up all others. */
const parallel = 2;
/** While many sources are imported the set to enforce is made anew this often, in milliseconds. */
const refreshEveryMs = 15_000;
/** Runs without news are written down together, this often in milliseconds. */
const endEveryMs = 500;

/** One source that is to be imported now. */
interface Work {
  readonly source: BlocklistSourceEntity;
  readonly run: ImportRunEntity;
  readonly heads: readonly SnapshotHead[];
  readonly latest: ImportRunEntity | undefined;
  /** Addresses that no list may hold, packed; the same for all sources of a pass. */
  readonly own: Uint8Array;
}

/** How many imports of a pass ended how. */
interface Tally {
  imported: number;
  changed: number;
  failed: number;
}

/** Imports every source that is due or asked for. Runs on the one instance that runs tasks, so each source runs once at a time. */
@Injectable()
export class Imports {
  private refreshedAt = 0;
  /** Runs without news that are not written down yet. */
  private unchanged: ImportRunEntity[] = [];
  private unchangedAt = 0;

  constructor(
    private readonly sources: SourcesRepository,
    private readonly runs: RunsRepository,
    private readonly snapshots: SnapshotsRepository,
    private readonly plugins: SourcePlugins,
    private readonly jobs: ImportJobs,
    private readonly thread: ImportThread,
    private readonly wanted: Wanted,
    private readonly events: ImportEvents,
    private readonly tracing: Tracing,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Imports until nothing is due or asked for, then makes the set to enforce anew. */
  async runDue(context: TaskContext): Promise<TaskResult> {
    await this.plugins.settled();
    await this.runs.interruptLeftOver(this.clock.now());
    const tally: Tally = { imported: 0, changed: 0, failed: 0 };
    this.refreshedAt = this.unchangedAt = this.clock.monotonic();
    this.unchanged = [];
    for (;;) {
      const pass = await this.nextPass(context.fence.token);
      if (pass.length === 0 || context.signal.aborted) break;
      await this.runPass(pass, context, tally);
    }
    if (!context.signal.aborted) await this.wanted.refresh();
    return { ...tally };
  }

  private async nextPass(token: number): Promise<Work[]> {
    const [sources, active, latest, heads] = await Promise.all([
      this.sources.all(),
      this.runs.active(),
      this.runs.latest(),
      this.snapshots.heads(),
    ]);
    const now = this.clock.now();
    const queued = new Map(active.map((run) => [run.sourceId, run]));
    const pass = sources.flatMap((source): Omit<Work, 'own'>[] => {
      const asked = queued.get(source.id);
      const last = latest.get(source.id);
      if (!asked && !this.isDue(source, last, now)) return [];
      const run = asked ?? newRun(source.id, 'schedule', null, now);
      const begun = Object.assign(new ImportRunEntity(), run, { outcome: 'running', startedAt: now, token });
      return [{ source, run: begun, latest: last, heads: heads.filter(({ sourceId }) => sourceId === source.id) }];
    });
    if (pass.length === 0) return [];
    // Before any of them begins: should it fail, none is left begun.
    const own = await this.jobs.ownAddresses();
    await this.runs.begin(pass.map(({ run }) => run));
    return pass.map((work) => ({ ...work, own }));
  }

  private isDue(source: BlocklistSourceEntity, latest: ImportRunEntity | undefined, now: number): boolean {
    const plugin = this.plugins.source(source.plugin);
    if (
      !source.isEnabled ||
      (latest?.error === 'settings' && latest.finishedAt !== null && source.changedAt < latest.finishedAt)
    )
      return false;
    // Without its plugin it would fail each minute; it is due again once the plugin is back.
    if (!plugin) return false;
    return dueAt(source, latest, plugin.metadata.minIntervalMinutes) <= now;
  }

  private async runPass(pass: readonly Work[], context: TaskContext, tally: Tally): Promise<void> {
    const total = pass.length;
    const left = [...pass];
    let done = 0;
    const worker = async (): Promise<void> => {
      for (let work = left.shift(); work && !context.signal.aborted; work = left.shift()) {
        const isChanged = await this.importOne(work, context, tally);
        done += 1;
        context.progress({ done, total });
        if (this.clock.monotonic() - this.unchangedAt > endEveryMs) await this.endUnchanged();
        if (isChanged && this.clock.monotonic() - this.refreshedAt > refreshEveryMs) {
          this.refreshedAt = this.clock.monotonic();
          await this.wanted.refresh();
        }
      }
      // By whoever ends first: the other publisher may take minutes more.
      await this.endUnchanged();
    };
    const ends = await Promise.allSettled(Array.from({ length: Math.min(parallel, total) }, worker));
    const broken = ends.find((end) => end.status === 'rejected');
    if (broken) throw broken.reason;
  }

  /** @returns whether the list is another one now */
  private importOne(work: Work, { signal }: TaskContext, tally: Tally): Promise<boolean> {
    const { name, plugin } = work.source;
    return this.tracing.inSpan(
      { name: 'blocklist import', facts: { 'bangui.source.name': name, 'bangui.source.plugin': plugin } },
      (tell) => this.importTold(work, signal, tally, tell),
    );
  }

  private async importTold(work: Work, signal: AbortSignal, tally: Tally, tell: TellSpan): Promise<boolean> {
    const { source, run } = work;
    const about = { runId: run.id, sourceId: source.id };
    this.events.tellImport({ ...about, outcome: 'running', progress: { done: 0, total: 1 } });
    const result = await this.resultOf(work, signal);
    if (!result) {
      tell({ 'bangui.import.outcome': 'interrupted' });
      await this.runs.end(run.id, ended('interrupted', 'BanGUI was stopped.', this.clock.now()));
      return false;
    }
    tally.imported += 1;
    const outcome = await this.store(work, result);
    tell({ 'bangui.import.outcome': outcome, ...(result.kind === 'failed' && { 'error.type': result.code }) });
    // Told once it is written down, with others.
    if (outcome === 'unchanged') return false;
    this.events.tellImport({ ...about, outcome, progress: null });
    if (outcome === 'failed') tally.failed += 1;
    if (outcome !== 'ok' || result.kind !== 'changed') return false;
    tally.changed += 1;
    const { addedRanges, removedRanges } = result.funnel;
    this.events.tellSnapshot({ sourceId: source.id, addedRanges, removedRanges });
    return true;
  }

  /** Undefined when it was aborted. */
  private async resultOf({ source, run, heads, own }: Work, signal: AbortSignal): Promise<ImportResult | undefined> {
    try {
      const job = await this.jobs.jobOf(source, heads, own);
      const host = this.jobs.hostOf(heads, ({ feeds, totalFeeds }) => {
        const progress = { done: feeds, total: totalFeeds };
        this.events.tellImport({ runId: run.id, sourceId: source.id, outcome: 'running', progress });
      });
      return await this.thread.run('import', job, { host, signal });
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof PluginMissing) return failureWith('plugin', error);
      if (error instanceof SecretUnreadable) return failureWith('settings', error);
      if (!(error instanceof ImportThreadFailed)) throw error;
      this.log.error(logEvents.importFailed, { source: source.id, error });
      if (error instanceof ImportThreadSilent) return failureWith('plugin', error);
      return failureWith('plugin', 'Something went wrong inside BanGUI; the log has the cause.');
    }
  }

  private async store(work: Work, result: ImportResult): Promise<ImportRunEntity['outcome']> {
    const { source, run, latest } = work;
    const now = this.clock.now();
    if (result.kind === 'failed') {
      const end = failed(result, latest, now);
      await this.runs.end(run.id, end, [logLine(run.id, 'error', result.message, now)]);
      return end.outcome;
    }
    try {
      return await (result.kind === 'unchanged' ? this.keep(work, result) : this.replace(work, result));
    } catch (error) {
      if (!(error instanceof ImportSuperseded)) throw error;
      await this.runs.end(run.id, ended('interrupted', error.message, this.clock.now()));
      this.log.debug(logEvents.importFailed, { source: source.id, error });
      return 'interrupted';
    }
  }

  private async keep({ source, run }: Work, { validators }: Extract<ImportResult, { kind: 'unchanged' }>) {
    const end = ended('unchanged', 'The list is the same as before.', this.clock.now());
    if (!isDeepStrictEqual(validators, source.validators ?? {}))
      await this.snapshots.commit({
        ...this.commitOf(source, run),
        end,
        validators,
        changed: [],
        feeds: Object.keys(validators),
      });
    this.unchanged.push(run);
    return end.outcome;
  }

  /** Writes down at once which lists had no news: one write for each of them would cost more than asking for them. */
  private async endUnchanged(): Promise<void> {
    const runs = this.unchanged;
    if (runs.length === 0) return;
    this.unchanged = [];
    const end = ended('unchanged', 'The list is the same as before.', this.clock.now());
    await this.runs.endAlike(
      runs.map(({ id }) => id),
      end,
    );
    for (const { id: runId, sourceId } of runs)
      this.events.tellImport({ runId, sourceId, outcome: end.outcome, progress: null });
    this.unchangedAt = this.clock.monotonic();
  }

  private async replace({ source, run, latest }: Work, result: Extract<ImportResult, { kind: 'changed' }>) {
    const now = this.clock.now();
    const { suspicion, funnel, changed, feeds } = result;
    const stored: StoredFunnel = { ...funnel, contentHash: result.hash };
    const log = logOf(run.id, funnel, now);
    if (suspicion === undefined) {
      const end = { ...ended('ok', `${funnel.addedRanges} came, ${funnel.removedRanges} went.`, now), funnel: stored };
      await this.snapshots.commit({
        ...this.commitOf(source, run),
        end,
        log,
        changed,
        feeds,
        validators: result.validators,
      });
      for (const { packed } of changed) release(packed);
      return end.outcome;
    }
    log.push({ ...logLine(run.id, 'warn', suspicion, now), position: log.length });
    if (result.hash === source.rejectedHash) {
      const message = `It is what an administrator has rejected. ${suspicion}`;
      const end = { ...failed({ code: 'suspicious', message }, latest, now), funnel: stored };
      await this.runs.end(run.id, end, log);
      return end.outcome;
    }
    const end = { ...ended('suspicious', suspicion, now), funnel: stored };
    await this.snapshots.commit({
      ...this.commitOf(source, run),
      end,
      log,
      changed,
      feeds,
      validators: undefined,
      state: 'held',
    });
    return end.outcome;
  }

  private commitOf({ id, revision }: BlocklistSourceEntity, run: ImportRunEntity) {
    return { sourceId: id, revision, runId: run.id, log: [], state: 'current', now: this.clock.now() } as const;
  }
}

/** A run that waits. */
export function newRun(
  sourceId: string,
  trigger: ImportTrigger,
  requestedBy: string | null,
  queuedAt: number,
): ImportRunEntity {
  return Object.assign(new ImportRunEntity(), {
    id: randomUUID(),
    sourceId,
    trigger,
    outcome: 'queued',
    requestedBy,
    queuedAt,
    startedAt: null,
    finishedAt: null,
    token: null,
    error: null,
    message: null,
    retryAt: null,
    failures: 0,
    funnel: null,
  } satisfies ImportRunEntity);
}
