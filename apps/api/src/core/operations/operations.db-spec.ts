import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TestClock } from '../../../test/test-clock.ts';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { EventBus } from '../events/event-bus.ts';
import { InstanceBus } from '../instances/index.ts';
import { LinkedTransport } from '../instances/testing/linked-transport.ts';
import { Log } from '../logging/log.ts';
import { NoTracing } from '../tracing/index.ts';
import { operationChanged } from './operation-changed.ts';
import { type Operation } from './operation.dto.ts';
import { Operations, OperationUnknown } from './operations.ts';
import { OperationsRepository } from './operations.repository.ts';
import { SharedOperations } from './shared-operations.ts';

describe.each(databaseKinds)('operations of two instances on %s', (kind) => {
  let test: TestDatabase;
  let clock: TestClock;
  let link: Set<LinkedTransport>;
  let stops: (() => Promise<void>)[];
  beforeEach(async () => {
    test = await testDatabase(kind);
    clock = new TestClock();
    link = new Set();
    stops = [];
  });
  afterEach(async () => {
    for (const stop of stops) await stop();
    await test.close();
  });

  async function instance() {
    const log = await Log.open({ level: 'error', format: 'json', write: () => undefined });
    const events = new EventBus(log);
    const told: Operation[] = [];
    events.on(operationChanged, (operation) => told.push(operation));
    const transport = new LinkedTransport(link);
    const bus = new InstanceBus(transport, log);
    const repository = new OperationsRepository(test.database, clock);
    const look = vi.spyOn(repository, 'latest');
    const shared = new SharedOperations(repository, bus, events, log);
    const operations = new Operations(repository, shared, clock, events, new NoTracing(), log);
    shared.onModuleInit();
    operations.onModuleInit();
    bus.onApplicationBootstrap();
    stops.push(async () => {
      await operations.beforeApplicationShutdown();
      await bus.onApplicationShutdown();
    });
    // An instance looks for what it missed a moment after it has connected: no test is to take that for its own message.
    await expect.poll(() => look).toHaveResolved();
    return { operations, told, transport, repository };
  }

  /** One of an instance as it has ended: on a busy machine that may be after its request was answered. */
  async function ended(operations: Operations, answer: Promise<Operation>): Promise<Operation> {
    const { id } = await answer;
    await expect.poll(async () => (await operations.get(id)).status).not.toBe('running');
    return operations.get(id);
  }

  it('are read and told by the other one, with progress and outcome', async () => {
    const [a, b] = [await instance(), await instance()];
    const end = Promise.withResolvers<Record<string, unknown>>();
    let tell: (done: number, total: number) => void = () => undefined;
    const answer = a.operations.run({
      kind: 'ban',
      subject: 'web',
      work: (progress) => {
        tell = progress;
        return end.promise;
      },
    });
    await expect.poll(() => b.told.map(({ status }) => status)).toEqual(['running']);
    tell(40, 100);
    await expect.poll(() => b.told.at(-1)?.progress).toEqual({ done: 40, total: 100 });
    const id = b.told[0]?.id ?? '';
    expect(await b.operations.get(id)).toMatchObject({ status: 'running', progress: { done: 40, total: 100 } });
    end.resolve({ banned: 100, addresses: ['192.0.2.1'] });
    const done = await ended(a.operations, answer);
    await expect.poll(() => b.told.at(-1)).toEqual(done);
    expect(await b.operations.get(id)).toEqual(done);
    expect(await b.operations.latest(10)).toEqual([done]);
    expect(await a.operations.latest(10)).toEqual([done]);
  });

  it('are found by one that heard of nothing, and one that missed something tells it', async () => {
    const [a, b] = [await instance(), await instance()];
    const end = Promise.withResolvers<Record<string, unknown>>();
    const answer = a.operations.run({ kind: 'reload', subject: null, work: () => end.promise });
    await expect.poll(() => b.told.length).toBe(1);
    b.transport.cut();
    end.resolve({});
    const done = await ended(a.operations, answer);
    await expect.poll(async () => (await b.operations.get(done.id)).status).toBe('succeeded');
    expect(b.told).toHaveLength(1);
    b.transport.mend();
    await expect.poll(() => b.told.at(-1)?.status).toBe('succeeded');
    const late = await instance();
    expect(await late.operations.get(done.id)).toEqual(done);
    expect(late.told).toEqual([]);
    await expect(late.operations.get('nosuch')).rejects.toThrow(OperationUnknown);
  });

  it('are told once, also where a message comes after a look that found the same', async () => {
    const [a, b] = [await instance(), await instance()];
    const end = Promise.withResolvers<Record<string, unknown>>();
    b.transport.cut();
    const answer = a.operations.run({ kind: 'reload', subject: null, work: () => end.promise });
    await expect.poll(() => a.transport.sent.length).toBe(1);
    b.transport.mend();
    await expect.poll(() => b.told.length).toBe(1);
    for (const text of a.transport.sent) b.transport.deliver(text);
    end.resolve({});
    const done = await ended(a.operations, answer);
    await expect.poll(() => b.told.at(-1)).toEqual(done);
    expect(b.told.map(({ status }) => status)).toEqual(['running', 'succeeded']);
  });

  it('have failed when their instance has been silent for a minute', async () => {
    const { repository } = await instance();
    const running: Operation = {
      id: 'left',
      kind: 'ban',
      status: 'running',
      startedAt: clock.now(),
      finishedAt: null,
      progress: null,
      subject: null,
      outcome: null,
      error: null,
    };
    await repository.save([running]);
    expect(await repository.find('left')).toEqual(running);
    await test.database.write((manager) => manager.query('UPDATE operation SET alive_at = alive_at - 60001'));
    expect(await repository.find('left')).toMatchObject({ status: 'failed', error: { code: 'operation-abandoned' } });
    await repository.keepAlive(['left']);
    expect(await repository.find('left')).toEqual(running);
  });

  it('make room for later ones, but not while they run', async () => {
    const { repository } = await instance();
    const operation = (n: number, status: 'running' | 'succeeded'): Operation => ({
      id: `operation-${n}`,
      kind: 'ban',
      status,
      startedAt: n,
      finishedAt: status === 'running' ? null : n,
      progress: null,
      subject: null,
      outcome: {},
      error: null,
    });
    await repository.save([operation(1, 'running'), operation(2, 'succeeded')]);
    await repository.save(Array.from({ length: 220 }, (_, n) => operation(n + 3, 'succeeded')));
    const [{ n }] = await test.database.read.query<[{ n: number | string }]>('SELECT count(*) AS n FROM operation');
    expect(Number(n)).toBe(201);
    expect(await repository.find('operation-1')).toBeDefined();
    expect(await repository.find('operation-2')).toBeUndefined();
  });

  it('are listed through an index', async () => {
    const plan = await planOf(test.database, 'SELECT * FROM operation ORDER BY started_at DESC, id DESC LIMIT 50', []);
    expect(plan).toContain('ix_operation_started_at');
  });
});
