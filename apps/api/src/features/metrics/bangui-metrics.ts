import { Injectable } from '@nestjs/common';
import { version } from '../../core/version.ts';
import { SourceCatalog } from '../blocklists/index.ts';
import { EnforcementService } from '../enforcement/index.ts';
import { LiveStreams } from '../live/index.ts';
import { LockHolder, TasksFeed } from '../scheduler/index.ts';
import { DatabaseSize } from '../server/index.ts';
import { MetricsRegistry } from './metrics-registry.ts';

const heartbeatBuckets = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5];

/** What BanGUI itself does: tasks and their lock, lists and their enforcement, streams, database. */
@Injectable()
export class BanguiMetrics {
  constructor(
    private readonly registry: MetricsRegistry,
    private readonly lock: LockHolder,
    private readonly tasks: TasksFeed,
    private readonly sources: SourceCatalog,
    private readonly enforcement: EnforcementService,
    private readonly streams: LiveStreams,
    private readonly databaseSize: DatabaseSize,
  ) {
    this.tellProcess();
    this.tellLock();
    this.tellTasks();
    this.tellSources();
    this.tellEnforcement();
  }

  private tellProcess(): void {
    const info = this.registry.gauge('bangui_info', 'Version of BanGUI, as a label.', ['version']);
    const streams = this.registry.gauge('bangui_live_clients', 'Event streams that are open.', []);
    const size = this.registry.gauge('bangui_database_size_bytes', 'Size of the database.', ['kind']);
    this.registry.onRead(async () => {
      info([[{ version }, 1]]);
      streams([[{}, this.streams.count]]);
      const { kind, sizeBytes } = await this.databaseSize.read();
      size(sizeBytes === null ? [] : [[{ kind }, sizeBytes]]);
    });
  }

  private tellLock(): void {
    const held = this.registry.gauge(
      'bangui_scheduler_lock_held',
      'Whether this instance holds the scheduler lock.',
      [],
    );
    const heartbeats = this.registry.counter(
      'bangui_scheduler_lock_heartbeats_total',
      'Renewals of the scheduler lock by what became of them: updated, failed, timeout, lost.',
      ['result'],
    );
    const durations = this.registry.histogram('bangui_scheduler_lock_heartbeat_seconds', 'Time of one renewal.', {
      labelNames: [],
      buckets: heartbeatBuckets,
    });
    // Alerts look at how they grow, which needs them to be there before.
    for (const result of ['updated', 'failed', 'timeout', 'lost']) heartbeats.inc({ result }, 0);
    this.lock.onHeartbeat(({ kind, tookMs }) => {
      heartbeats.inc({ result: kind });
      if (tookMs !== null) durations.observe(tookMs / 1_000);
    });
    this.registry.onRead(() => held([[{}, Number(this.lock.state === 'holding')]]));
  }

  private tellTasks(): void {
    const last = this.registry.gauge('bangui_task_last_start_seconds', 'When the latest run began, in epoch seconds.', [
      'task',
    ]);
    const duration = this.registry.gauge('bangui_task_last_duration_seconds', 'Time of the latest run that ended.', [
      'task',
    ]);
    const failed = this.registry.gauge('bangui_task_last_failed', 'Whether the latest run failed or took too long.', [
      'task',
    ]);
    this.registry.onRead(async () => {
      const ran = (await this.tasks.list()).items.flatMap(({ id, lastRun }) =>
        lastRun ? [{ ...lastRun, task: id }] : [],
      );
      last(ran.map(({ task, startedAt }) => [{ task }, startedAt / 1_000]));
      duration(
        ran.flatMap(({ task, durationMs }) => (durationMs === null ? [] : [[{ task }, durationMs / 1_000] as const])),
      );
      failed(ran.map(({ task, outcome }) => [{ task }, Number(outcome === 'failed' || outcome === 'timed-out')]));
    });
  }

  private tellSources(): void {
    const ranges = this.registry.gauge('bangui_source_ranges', 'Ranges of a list that are in force.', ['source']);
    const state = this.registry.gauge('bangui_source_state', 'State of a list, as a label.', ['source', 'state']);
    const changed = this.registry.gauge(
      'bangui_source_changed_seconds',
      'When a list last changed, in epoch seconds.',
      ['source'],
    );
    this.registry.onRead(async () => {
      const { items } = await this.sources.list();
      ranges(items.map(({ feedName, ranges: count }) => [{ source: feedName }, count]));
      state(items.map(({ feedName, state: now }) => [{ source: feedName, state: now }, 1]));
      changed(
        items.flatMap(({ feedName, listChangedAt }) =>
          listChangedAt === null ? [] : [[{ source: feedName }, listChangedAt / 1_000] as const],
        ),
      );
    });
  }

  private tellEnforcement(): void {
    const wanted = this.registry.gauge('bangui_enforcement_wanted_ranges', 'Ranges that are to be blocked.', []);
    const generation = this.registry.gauge(
      'bangui_enforcement_generation',
      'Generation, wanted and of each enforcer.',
      ['enforcer'],
    );
    const standing = this.registry.gauge('bangui_enforcer_standing', 'How an enforcer stands, as a label.', [
      'enforcer',
      'standing',
    ]);
    const dropped = this.registry.gauge(
      'bangui_enforcer_dropped_packets',
      'Packets dropped since the sets were made.',
      ['enforcer'],
    );
    this.registry.onRead(async () => {
      const { wanted: now, enforcers } = await this.enforcement.status();
      wanted(now ? [[{}, now.blockedRanges]] : []);
      const applied = enforcers.flatMap(({ name, applied: held }) => (held ? [{ enforcer: name, ...held }] : []));
      generation([
        ...(now ? [[{ enforcer: 'wanted' }, now.generation] as const] : []),
        ...applied.map((held) => [{ enforcer: held.enforcer }, held.generation] as const),
      ]);
      standing(enforcers.map(({ name, standing: how }) => [{ enforcer: name, standing: how }, 1]));
      dropped(applied.map(({ enforcer, droppedPackets }) => [{ enforcer }, droppedPackets]));
    });
  }
}
