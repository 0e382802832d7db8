import { Injectable } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { SourcePlugins } from '../../plugins/index.ts';
import { type Blocklist, type BlocklistList, type HeldList, type WantedInfo } from '../blocklists.dto.ts';
import { BlocklistUnknown } from '../blocklists.errors.ts';
import { funnelOf, shownFunnel, shownRun } from '../run-shown.ts';
import { type ImportRunEntity } from '../store/run.entity.ts';
import { RunsRepository } from '../store/runs.repository.ts';
import { type SnapshotHead, SnapshotsRepository } from '../store/snapshots.repository.ts';
import { type BlocklistSourceEntity } from '../store/source.entity.ts';
import { SourcesRepository } from '../store/sources.repository.ts';
import { Wanted } from '../wanted/wanted.ts';
import { sealedOf } from './source-secrets.ts';
import { dueAt, sourceState } from './source-state.ts';

/** What is known of all sources at once. */
interface Known {
  readonly heads: ReadonlyMap<string, readonly SnapshotHead[]>;
  readonly latest: ReadonlyMap<string, ImportRunEntity>;
  readonly active: ReadonlySet<string>;
}

/** What there is to see of the lists. */
@Injectable()
export class SourceCatalog {
  constructor(
    private readonly sources: SourcesRepository,
    private readonly runs: RunsRepository,
    private readonly snapshots: SnapshotsRepository,
    private readonly plugins: SourcePlugins,
    private readonly wanted: Wanted,
    private readonly clock: Clock,
  ) {}

  /** Every list, and the set that is to be enforced. */
  async list(): Promise<BlocklistList> {
    const [sources, known, wanted] = await Promise.all([this.sources.all(), this.known(), this.wantedInfo()]);
    return { items: sources.map((source) => this.shown(source, known)), wanted };
  }

  /** @throws {BlocklistUnknown} */
  async one(id: string): Promise<Blocklist> {
    const [source, known] = await Promise.all([this.sources.byId(id), this.known()]);
    if (!source) throw new BlocklistUnknown();
    return this.shown(source, known);
  }

  private async wantedInfo(): Promise<WantedInfo> {
    const head = await this.wanted.head();
    if (!head) return { generation: 0, hash: null, ranges: 0, addedRanges: 0, removedRanges: 0, at: null };
    const { generation, contentHash: hash, ranges, addedRanges, removedRanges, at } = head;
    return { generation, hash, ranges, addedRanges, removedRanges, at };
  }

  private async known(): Promise<Known> {
    const [heads, latest, active] = await Promise.all([this.snapshots.heads(), this.runs.latest(), this.runs.active()]);
    return {
      heads: Map.groupBy(heads, ({ sourceId }) => sourceId),
      latest,
      active: new Set(active.map(({ sourceId }) => sourceId)),
    };
  }

  private shown(source: BlocklistSourceEntity, known: Known): Blocklist {
    const plugin = this.plugins.source(source.plugin)?.metadata;
    const heads = known.heads.get(source.id) ?? [];
    const current = heads.filter(({ state }) => state === 'current');
    const held = heads.filter(({ state }) => state === 'held');
    const latest = known.latest.get(source.id);
    const listChangedAt = current.length > 0 ? Math.max(...current.map(({ createdAt }) => createdAt)) : null;
    const facts = { source, latest, changedAt: listChangedAt ?? undefined, plugin, isHeld: held.length > 0 };
    const isRun = source.isEnabled && plugin !== undefined && latest?.error !== 'settings';
    const { id, name, feedName, intervalMinutes, maxChangePercent, isEnabled, createdAt, changedAt } = source;
    return {
      ...{ id, plugin: source.plugin, pluginName: plugin?.name ?? null, name, feedName },
      // An object: the plugin's own check gave it.
      config: { ...(source.config as object) },
      secretsSet: Object.keys(sealedOf(source.secrets)),
      ...{ intervalMinutes, maxChangePercent, isEnabled },
      state: sourceState({ ...facts, now: this.clock.now() }),
      isRunning: known.active.has(id),
      ranges: current.reduce((sum, { ranges }) => sum + ranges, 0),
      listChangedAt,
      lastRun: latest ? shownRun(latest) : null,
      nextRunAt: isRun ? Math.max(dueAt(source, latest, plugin.minIntervalMinutes), createdAt) : null,
      held: heldList(held, latest),
      ...{ createdAt, changedAt },
    };
  }
}

function heldList([first]: readonly SnapshotHead[], latest: ImportRunEntity | undefined): HeldList | null {
  if (!first) return null;
  const { runId, createdAt: heldAt } = first;
  // A later run may have ended otherwise; what is held waits all the same.
  const run = latest?.id === runId ? latest : undefined;
  return { reason: run?.message ?? '', heldAt, runId, funnel: run ? shownFunnel(funnelOf(run)) : null };
}
