import { Injectable } from '@nestjs/common';
import { type EntityManager, In, type QueryDeepPartialEntity } from 'typeorm';
import { Database } from '../../../core/database/database.ts';
import { type Keyset, keysetPage, type KeysetPage } from '../../../core/database/keyset.ts';
import { ImportLogEntity } from './log.entity.ts';
import { ImportRunEntity } from './run.entity.ts';
import { maxSources } from './sources.repository.ts';

/** Lines kept of the log of one import. */
export const maxLogLines = 200;
/** Runs of a source that are kept, and for how many milliseconds. */
const keptRuns = 200;
const keptMs = 90 * 86_400_000;
/** Runs looked at when those that wait or go on are asked for. */
const maxActive = 500;

const newestFirst: Keyset<ImportRunEntity> = {
  columns: ['run.queued_at', 'run.id'],
  shape: ['number', 'string'],
  keyOf: ({ queuedAt, id }) => [queuedAt, id],
};

/** How a run ended. */
export type RunEnd = Pick<
  ImportRunEntity,
  'outcome' | 'finishedAt' | 'error' | 'message' | 'retryAt' | 'failures' | 'funnel'
>;

/** The only place with SQL about imports. What an import stores of its list is in `snapshots.repository.ts`. */
@Injectable()
export class RunsRepository {
  constructor(private readonly database: Database) {}

  /** Asks for an import, unless one waits or goes on already. @returns the run that was made or found */
  async queue(run: ImportRunEntity): Promise<ImportRunEntity> {
    return this.database.write(async (manager) => {
      await this.database.exclusively(manager, `import ${run.sourceId}`);
      const active = await manager.findOneBy(ImportRunEntity, {
        sourceId: run.sourceId,
        outcome: In(['queued', 'running']),
      });
      if (active) return active;
      await manager.insert(ImportRunEntity, run as QueryDeepPartialEntity<ImportRunEntity>);
      return run;
    });
  }

  /** Marks these as begun, in one transaction; new ones are added. */
  async begin(runs: readonly ImportRunEntity[]): Promise<void> {
    await this.database.write(async (manager) => {
      await manager.upsert(ImportRunEntity, runs as QueryDeepPartialEntity<ImportRunEntity>[], ['id']);
    });
  }

  /** Writes down how a run ended that stored nothing else, but perhaps lines of its log. */
  async end(id: string, end: RunEnd, lines: readonly ImportLogEntity[] = []): Promise<void> {
    await this.database.write(async (manager) => {
      await manager.update(ImportRunEntity, { id }, end as QueryDeepPartialEntity<ImportRunEntity>);
      if (lines.length > 0) await manager.insert(ImportLogEntity, [...lines]);
    });
  }

  /** Writes down that several runs ended in the same way and stored nothing else, in one statement. */
  async endAlike(ids: readonly string[], end: RunEnd): Promise<void> {
    await this.database.write((manager) =>
      manager.update(ImportRunEntity, { id: In([...ids]) }, end as QueryDeepPartialEntity<ImportRunEntity>),
    );
  }

  /** Ends what an earlier holder of the scheduler's lock had begun. */
  async interruptLeftOver(now: number): Promise<void> {
    const left = await this.database.read.manager.find(ImportRunEntity, {
      select: { id: true },
      where: { outcome: 'running' },
      take: maxActive,
    });
    if (left.length === 0) return;
    await this.database.write((manager) =>
      manager.update(
        ImportRunEntity,
        { id: In(left.map(({ id }) => id)), outcome: 'running' },
        { outcome: 'interrupted', finishedAt: now },
      ),
    );
  }

  /** Runs that wait or go on, oldest first. */
  active(): Promise<ImportRunEntity[]> {
    return this.database.read.manager.find(ImportRunEntity, {
      where: { outcome: In(['queued', 'running']) },
      order: { queuedAt: 'ASC', id: 'ASC' },
      take: maxActive,
    });
  }

  /** The latest run of each source that has ended, by source. */
  async latest(): Promise<ReadonlyMap<string, ImportRunEntity>> {
    const rows = await this.database.read
      .createQueryBuilder(ImportRunEntity, 'run')
      .where(
        `run.id IN (SELECT (SELECT r.id FROM import_run r WHERE r.source_id = s.id AND r.outcome NOT IN ('queued', 'running')
           ORDER BY r.queued_at DESC, r.id DESC LIMIT 1) FROM blocklist_source s)`,
      )
      .take(maxSources)
      .getMany();
    return new Map(rows.map((row) => [row.sourceId, row]));
  }

  byId(id: string, manager: EntityManager = this.database.read.manager): Promise<ImportRunEntity | null> {
    return manager.findOneBy(ImportRunEntity, { id });
  }

  /** Newest first. */
  page(
    query: { readonly cursor?: string | undefined; readonly limit: number },
    sourceId: string | undefined,
  ): Promise<KeysetPage<ImportRunEntity>> {
    const runs = this.database.read.createQueryBuilder(ImportRunEntity, 'run');
    if (sourceId !== undefined) runs.where('run.source_id = :sourceId', { sourceId });
    return keysetPage(runs, query, newestFirst);
  }

  /** Lines of a run's log, in order. */
  log(runId: string): Promise<ImportLogEntity[]> {
    return this.database.read.manager.find(ImportLogEntity, {
      where: { runId },
      order: { position: 'ASC' },
      take: maxLogLines,
    });
  }

  /** Changes how a run has ended, after an administrator decided. */
  async decide(manager: EntityManager, id: string, end: Partial<RunEnd>): Promise<void> {
    await manager.update(ImportRunEntity, { id }, end as QueryDeepPartialEntity<ImportRunEntity>);
  }

  /** Forgets old runs of a source. @returns how many */
  async forgetOld(sourceId: string, now: number): Promise<number> {
    const old = await this.database.read
      .createQueryBuilder(ImportRunEntity, 'run')
      .select(['run.id'])
      .where('run.source_id = :sourceId', { sourceId })
      .andWhere(`run.outcome NOT IN ('queued', 'running')`)
      .andWhere(
        `(run.queued_at < :before OR run.id NOT IN (SELECT id FROM import_run WHERE source_id = :sourceId
           ORDER BY queued_at DESC, id DESC LIMIT ${keptRuns}))`,
        { before: now - keptMs },
      )
      .take(500)
      .getMany();
    const ids = old.map(({ id }) => id);
    if (ids.length === 0) return 0;
    await this.database.write(async (manager) => {
      await manager.delete(ImportLogEntity, { runId: In(ids) });
      await manager.delete(ImportRunEntity, { id: In(ids) });
    });
    return ids.length;
  }
}
