import { AddressSet, Network } from '@bangui/ip';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../../test/test-database.ts';
import { FenceLost } from '../../../core/database/fence.ts';
import { ended } from '../run/import-outcome.ts';
import { newRun } from '../run/imports.ts';
import { wantedSet } from '../run/wanted-set.ts';
import { RunsRepository } from './runs.repository.ts';
import { type ImportCommit, ImportSuperseded, SnapshotsRepository } from './snapshots.repository.ts';
import { BlocklistSourceEntity } from './source.entity.ts';
import { SourcesRepository } from './sources.repository.ts';
import { WantedRepository } from './wanted.repository.ts';

const setOf = (...texts: string[]) =>
  AddressSet.of(texts.map((text) => Network.parse(text)).filter((network) => network !== undefined));

describe.each(databaseKinds)('what is imported, on %s', (kind) => {
  let test: TestDatabase;
  let sources: SourcesRepository;
  let runs: RunsRepository;
  let snapshots: SnapshotsRepository;
  const run = newRun('s1', 'schedule', null, 1_000);

  const commitOf = (set: AddressSet, change: Partial<ImportCommit> = {}): ImportCommit => ({
    sourceId: 's1',
    revision: 1,
    runId: run.id,
    end: ended('ok', 'done', 2_000),
    log: [{ runId: run.id, position: 0, at: 2_000, level: 'info', message: 'a line' }],
    validators: { lines: { etag: '"1"', lastModified: null } },
    state: 'current',
    changed: [{ feed: 'lines', hash: set.contentHash(), ranges: set.rangeCount, packed: set.encode() }],
    feeds: ['lines'],
    now: 2_000,
    ...change,
  });

  beforeEach(async () => {
    test = await testDatabase(kind);
    sources = new SourcesRepository(test.database);
    runs = new RunsRepository(test.database);
    snapshots = new SnapshotsRepository(test.database);
    const source = Object.assign(new BlocklistSourceEntity(), {
      ...{ id: 's1', plugin: 'url-list', name: 'a', feedName: 'a', config: { url: 'x' }, secrets: {} },
      ...{ intervalMinutes: 60, maxChangePercent: 50, isEnabled: true, revision: 1, validators: null },
      ...{ rejectedHash: null, createdAt: 1, changedAt: 1 },
    });
    await test.database.write((manager) => sources.add(manager, source));
    await runs.begin([run]);
  });
  afterEach(() => test.close());

  it('is stored with validators, run and log at once, and read back to the byte', async () => {
    const set = setOf('23.1.0.0/24', '2a00::1');
    await snapshots.commit(commitOf(set));
    const [head] = await snapshots.heads('s1');
    expect(head).toMatchObject({ feed: 'lines', state: 'current', contentHash: set.contentHash(), ranges: 2 });
    const packed = await snapshots.packed(head?.id ?? '');
    expect(packed && AddressSet.decode(packed)?.equals(set)).toBe(true);
    expect(await runs.byId(run.id)).toMatchObject({ outcome: 'ok', finishedAt: 2_000 });
    expect(await runs.log(run.id)).toMatchObject([{ message: 'a line' }]);
    expect((await sources.byId('s1'))?.validators).toEqual({ lines: { etag: '"1"', lastModified: null } });
  });

  it('is not stored at all when the settings have changed meanwhile', async () => {
    const refused = snapshots.commit(commitOf(setOf('23.1.0.1'), { revision: 2 }));
    await expect(refused).rejects.toThrow(ImportSuperseded);
    expect([await snapshots.heads(), await runs.log(run.id)]).toEqual([[], []]);
    expect((await runs.byId(run.id))?.outcome).toBe('queued');
  });

  it('is not stored at all when the scheduler lock was acquired by another one', async () => {
    await test.database.write((manager) =>
      manager.query('INSERT INTO scheduler_fence (id, token) VALUES (1, 7) ON CONFLICT (id) DO UPDATE SET token = 7'),
    );
    const late = test.database.fenced({ token: 6, maxPauseMs: 1_000 }, () =>
      snapshots.commit(commitOf(setOf('23.1.0.1'))),
    );
    await expect(late).rejects.toThrow(FenceLost);
    expect(await snapshots.heads()).toEqual([]);
    await test.database.fenced({ token: 7, maxPauseMs: 1_000 }, () => snapshots.commit(commitOf(setOf('23.1.0.1'))));
    expect(await snapshots.heads()).toHaveLength(1);
  });

  it('is held beside the last good list until it is confirmed', async () => {
    await snapshots.commit(commitOf(setOf('23.1.0.1')));
    await snapshots.commit(commitOf(setOf('23.1.0.2'), { state: 'held', validators: undefined, log: [] }));
    expect((await snapshots.heads()).map(({ state }) => state)).toEqual(['current', 'held']);
    await test.database.write((manager) => snapshots.confirm(manager, 's1'));
    expect(await snapshots.heads()).toMatchObject([{ state: 'current', contentHash: setOf('23.1.0.2').contentHash() }]);
  });

  it('goes with its source', async () => {
    await snapshots.commit(commitOf(setOf('23.1.0.1')));
    await test.database.write((manager) => sources.remove(manager, 's1'));
    expect([await snapshots.heads(), await runs.byId(run.id), await runs.log(run.id)]).toEqual([[], null, []]);
  });

  it('waits once, however often it is asked for', async () => {
    await runs.end(run.id, ended('ok', 'done', 2_000));
    const asked = await Promise.all([1, 2, 3].map((at) => runs.queue(newRun('s1', 'by-hand', 'admin', at))));
    expect(new Set(asked.map(({ id }) => id)).size).toBe(1);
    expect(await runs.active()).toHaveLength(1);
  });

  it('leads from generation to generation, the newest kept whole', async () => {
    const wanted = new WantedRepository(test.database);
    const add = async (generation: number, set: AddressSet, previous: AddressSet | undefined) => {
      const stored = new Map([
        ['list', set],
        ['previous', previous],
      ]);
      const output = await wantedSet(
        { lists: ['list'], allowed: AddressSet.empty.encode(), previous: previous && 'previous' },
        (name) => Promise.resolve(stored.get(name)?.encode()),
      );
      if (!output) throw new Error('nothing is gone here');
      const hashes = { contentHash: output.hash, allowedHash: 'a', inputsHash: `i${generation}` };
      return wanted.add({
        head: { generation, ...hashes, at: generation },
        output,
        allowed: AddressSet.empty.encode(),
      });
    };
    const [first, second] = [setOf('23.1.0.0/24'), setOf('23.1.0.0/25', '2a00::1')];
    expect(await add(1, first, undefined)).toBe(true);
    expect(await add(2, second, first)).toBe(true);
    expect(await add(2, first, second)).toBe(false);
    expect(await wanted.newest()).toMatchObject({ generation: 2, contentHash: second.contentHash() });
    expect(await wanted.packed(1)).toBeUndefined();
    const [step] = await wanted.steps(1, 2);
    expect(step && AddressSet.decode(step.removed)?.equals(setOf('23.1.0.128/25'))).toBe(true);
  });

  it.each([
    ['a page of runs', 'SELECT * FROM import_run ORDER BY queued_at DESC, id DESC LIMIT 51', 'ix_import_run_queued'],
    [
      'a page of runs of one source',
      `SELECT * FROM import_run WHERE source_id = 'x' AND (queued_at, id) < (5, 'x') ORDER BY queued_at DESC, id DESC LIMIT 51`,
      'ix_import_run_source',
    ],
    [
      'runs that wait',
      `SELECT * FROM import_run WHERE outcome = 'queued' ORDER BY queued_at, id`,
      'ix_import_run_outcome',
    ],
  ])('finds %s through an index', async (_, sql, index) => {
    const plan = await planOf(test.database, sql, []);
    expect(plan).toMatch(new RegExp(index));
    expect(plan).not.toMatch(/SORT|TEMP B-TREE|Seq Scan/i);
  });
});
