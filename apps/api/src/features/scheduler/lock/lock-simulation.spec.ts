import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Scheduler1764000000000 } from '../../../core/database/migrations/1764000000000-scheduler.ts';
import { guardStatement } from '../../../core/database/fence.ts';
import { DatabaseLock } from './database-lock.ts';
import { LockKeeper } from './lock-keeper.ts';
import { type ProcessIdentity, type SchedulerLock } from './scheduler-lock.ts';
import { simulationDatabase, type SimulationDatabase } from './testing/simulation-database.ts';

const intervalMs = 5_000;
const ttlMs = 60_000;
const instances = 3;

/** One instance as the simulation sees it. */
interface Instance {
  readonly identity: ProcessIdentity;
  readonly keeper: LockKeeper;
  /** What its tasks believe: the token of the last report that gave or took the lock. */
  believed: number | undefined;
  isRunning: boolean;
  isPaused: boolean;
  isCutOff: boolean;
  /** Its main thread hangs since this time; tasks then write nothing either. */
  hungSince: number | undefined;
  nextTurn: number;
}

type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'together' }
  | {
      readonly kind: 'crash' | 'restart' | 'pause' | 'resume' | 'cut' | 'mend' | 'hang' | 'write' | 'stop';
      readonly who: number;
    }
  | { readonly kind: 'delete-lock' }
  | { readonly kind: 'wall-clock'; readonly ms: number }
  | { readonly kind: 'reboot' };

const who = fc.nat({ max: instances - 1 });
const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constant('write' as const), who }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'together' as const }) },
  {
    weight: 8,
    arbitrary: fc.record({
      kind: fc.constantFrom('crash', 'restart', 'pause', 'resume', 'cut', 'mend', 'hang', 'stop'),
      who,
    }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'delete-lock' as const }) },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('wall-clock' as const), ms: fc.constantFrom(-3_600_000, 3_600_000) }),
  },
  { weight: 1, arbitrary: fc.constant({ kind: 'reboot' as const }) },
);

/** Several instances on one database, in a world whose time and faults are chosen. */
class World {
  now = 1_000_000;
  boot = 1;
  started = 0;
  readonly written: number[] = [];
  readonly given: number[] = [];
  readonly crew: Instance[];

  constructor(private readonly database: SimulationDatabase) {
    this.crew = Array.from({ length: instances }, () => this.start());
  }

  start(): Instance {
    this.started += 1;
    const identity: ProcessIdentity = {
      instanceId: `instance-${this.started}`,
      host: 'simulated',
      pid: this.started,
      processStart: '1',
      bootId: `boot-${this.boot}`,
      pidNamespace: 'pid:[1]',
    };
    const real = new DatabaseLock(this.database.connection, {
      kind: 'sqlite',
      own: identity,
      ttlMs,
      monotonic: () => this.now,
      // Nobody can tell: the time to live alone must do.
      isGone: () => false,
    });
    const cutOff = <T>(work: () => Promise<T>): Promise<T> =>
      instance.isCutOff ? Promise.reject(new Error('The database is away.')) : work();
    const lock: SchedulerLock = {
      acquire: () => cutOff(() => real.acquire()),
      renew: (token) => cutOff(() => real.renew(token)),
      release: (token) => cutOff(() => real.release(token)),
      read: () => real.read(),
      close: () => Promise.resolve(),
    };
    const options = {
      ttlMs,
      maxTickAgeMs: ttlMs / 2,
      monotonic: () => this.now,
      tickAge: () => (instance.hungSince === undefined ? 0 : this.now - instance.hungSince),
    };
    const keeper = new LockKeeper(lock, options, (report) => {
      if (report.kind === 'acquired') {
        this.given.push(report.token);
        instance.believed = report.token;
      }
      if (report.kind === 'lost') instance.believed = undefined;
    });
    const instance: Instance = {
      identity,
      keeper,
      believed: undefined,
      isRunning: true,
      isPaused: false,
      isCutOff: false,
      hungSince: undefined,
      nextTurn: this.now,
    };
    return instance;
  }

  async take(step: Step): Promise<void> {
    switch (step.kind) {
      case 'wait':
        return this.wait(step.ms);
      case 'together':
        // Their statements come in any order between each other.
        await Promise.all(this.crew.filter(isActive).map(({ keeper }) => keeper.turn()));
        return;
      case 'delete-lock':
        this.database.run('DELETE FROM scheduler_lock');
        return;
      case 'wall-clock':
        this.database.stepClock(step.ms);
        return;
      case 'reboot':
        this.boot += 1;
        this.now = 1_000;
        for (let index = 0; index < instances; index += 1) this.crew[index] = this.start();
        return;
      default:
        return this.change(step.kind, step.who);
    }
  }

  /** Time passes and those who run have their turns. */
  async wait(ms: number): Promise<void> {
    const end = this.now + ms;
    for (;;) {
      const next = this.crew.filter(isActive).sort((a, b) => a.nextTurn - b.nextTurn)[0];
      if (!next || next.nextTurn > end) break;
      this.now = Math.max(this.now, next.nextTurn);
      next.nextTurn = this.now + intervalMs;
      await next.keeper.turn();
    }
    this.now = end;
  }

  /** A task of this instance writes; what came of it is checked at once. */
  async write(index: number): Promise<boolean> {
    const { believed } = this.at(index);
    if (believed === undefined) return false;
    const rows = await this.database.connection.query(guardStatement({ token: believed, maxPauseMs: 1 }, 'sqlite'));
    if (rows.length > 0) this.written.push(believed);
    return rows.length > 0;
  }

  /** How many instances could write now. */
  async writers(): Promise<number> {
    const [fence] = await this.database.connection.query<{ token: number }>('SELECT token FROM scheduler_fence');
    return this.crew.filter(
      ({ isRunning, believed }) => isRunning && believed !== undefined && believed >= (fence?.token ?? 0),
    ).length;
  }

  at(index: number): Instance {
    const instance = this.crew[index];
    if (!instance) throw new Error(`There is no instance ${index}.`);
    return instance;
  }

  private async change(kind: string, index: number): Promise<void> {
    const instance = this.at(index);
    if (kind === 'write') {
      if (isActive(instance) && instance.hungSince === undefined && !instance.isCutOff) await this.write(index);
      return;
    }
    if (kind === 'stop' && isActive(instance)) {
      await instance.keeper.release().catch(() => undefined);
      this.crew[index] = this.start();
      return;
    }
    if (kind === 'crash') Object.assign(instance, { isRunning: false, believed: undefined });
    if (kind === 'restart') this.crew[index] = this.start();
    if (kind === 'pause') instance.isPaused = true;
    if (kind === 'cut') instance.isCutOff = true;
    if (kind === 'mend') Object.assign(instance, { isCutOff: false, hungSince: undefined });
    if (kind === 'hang') instance.hungSince ??= this.now;
    if (kind === 'resume') {
      instance.isPaused = false;
      // Its tasks go on first: they know nothing of what happened.
      if (instance.isRunning && !instance.isCutOff) await this.write(index);
    }
  }
}

function isActive({ isRunning, isPaused }: Instance): boolean {
  return isRunning && !isPaused;
}

const runs = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 20_000 : 1_500;

describe('the scheduler lock in a simulated world', () => {
  let database: SimulationDatabase;
  beforeEach(async () => {
    database = await simulationDatabase(Scheduler1764000000000);
  });
  afterEach(() => database.connection.close());

  it('never lets two instances write, whatever happens in whatever order', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(steps, { maxLength: 50 }), async (schedule) => {
        await database.reset();
        const world = new World(database);
        for (const step of schedule) {
          await world.take(step);
          expect(await world.writers()).toBeLessThanOrEqual(1);
        }
        // Each acquisition has a higher token than those before, and nobody writes after somebody with a higher one did.
        expect(world.given).toEqual([...new Set(world.given)].sort((a, b) => a - b));
        expect(world.written).toEqual(world.written.toSorted((a, b) => a - b));
      }),
      { numRuns: runs },
    );
  });

  it('has a holder again within the time to live and one interval after a crash', { timeout: 600_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(steps, { maxLength: 30 }),
        who,
        fc.integer({ min: 0, max: intervalMs }),
        async (schedule, standby, delay) => {
          await database.reset();
          const world = new World(database);
          for (const step of schedule) await world.take(step);
          // Everybody but one crashes at once; that one was or becomes well.
          for (let index = 0; index < instances; index += 1) await world.take({ kind: 'crash', who: index });
          world.crew[standby] = world.start();
          world.at(standby).nextTurn += delay;
          await world.wait(ttlMs + intervalMs);
          expect(world.at(standby).believed).toBeDefined();
          expect(await world.write(standby)).toBe(true);
        },
      ),
      { numRuns: runs },
    );
  });

  it('keeps the holder through steps of the wall clock', async () => {
    await database.reset();
    const world = new World(database);
    await world.wait(1);
    const holder = world.crew.findIndex(({ believed }) => believed !== undefined);
    for (const ms of [3_600_000, -7_200_000, 3_600_000]) {
      database.stepClock(ms);
      await world.wait(30_000);
    }
    expect(world.given).toHaveLength(1);
    expect(await world.write(holder)).toBe(true);
  });

  it('is free at once after a reboot, although less time has passed since then than before', async () => {
    await database.reset();
    const world = new World(database);
    await world.wait(1);
    await world.take({ kind: 'reboot' });
    await world.wait(1);
    expect(world.given).toEqual([1, 2]);
  });
});
