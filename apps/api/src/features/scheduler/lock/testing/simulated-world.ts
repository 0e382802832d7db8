import { type ProcessIdentity } from '../../../../core/instances/process-identity.ts';
import fc from 'fast-check';
import { expect } from 'vitest';
import { guardStatement } from '../../../../core/database/fence.ts';
import { type Sql } from '../../../../core/database/sql.ts';
import { LockKeeper } from '../lock-keeper.ts';
import { LockTimeout, type SchedulerLock } from '../scheduler-lock.ts';

export const intervalMs = 5_000;
export const ttlMs = 60_000;
const instances = 3;

/** The same schedules come again with the seed that a run has told. */
const seed = Number(process.env['BANGUI_TEST_SEED'] ?? Date.now() % 1_000_000);

/** What keeps the lock and the fence of a simulated world, at a time that the world chooses. */
export interface SimulationStore {
  /** Where the fence is. */
  readonly connection: Sql;
  /** The lock as one instance sees it. */
  lockOf(options: SimulatedLockOptions): SchedulerLock;
  /** So many milliseconds of the world have passed. */
  setTime(ms: number): Promise<void>;
  /** Sets the store's wall clock forward or back by so many milliseconds. */
  stepClock(ms: number): void;
  /** The lock is gone, without its holder being asked. */
  forget(): Promise<void>;
  /** As after the migration. */
  reset(): Promise<void>;
}

/** What a lock of a {@link SimulationStore} needs to know. */
export interface SimulatedLockOptions {
  readonly own: ProcessIdentity;
  readonly ttlMs: number;
  readonly monotonic: () => number;
  readonly isGone: () => boolean;
  /** The instance's connection to the fence. */
  readonly sql: Sql & { close(): Promise<void> };
}

/** One instance as the simulation sees it. */
interface Instance {
  readonly identity: ProcessIdentity;
  readonly keeper: LockKeeper;
  /** What its tasks believe: the token of the last report that gave or took the lock. */
  believed: number | undefined;
  isRunning: boolean;
  isPaused: boolean;
  isCutOff: boolean;
  /** It reaches the lock, but not the database with the fence. */
  isCutOffFromFence: boolean;
  /** What it asks next is done, but the answer does not come. */
  losesAnswer: boolean;
  /** Its main thread hangs since this time; tasks then write nothing either. */
  hungSince: number | undefined;
  nextTurn: number;
}

type Step =
  | { readonly kind: 'wait'; readonly ms: number }
  | { readonly kind: 'together' }
  | {
      readonly kind:
        | 'crash'
        | 'restart'
        | 'pause'
        | 'resume'
        | 'cut'
        | 'cut-fence'
        | 'lose-answer'
        | 'mend'
        | 'hang'
        | 'write'
        | 'stop';
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
      kind: fc.constantFrom(
        'crash',
        'restart',
        'pause',
        'resume',
        'cut',
        'cut-fence',
        'lose-answer',
        'mend',
        'hang',
        'stop',
      ),
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
export class World {
  now = 1_000_000;
  /** Milliseconds of the store's time, which a reboot of the instances does not begin anew. */
  private passed = 0;
  boot = 1;
  started = 0;
  readonly written: number[] = [];
  readonly given: number[] = [];
  readonly crew: Instance[];

  constructor(private readonly store: SimulationStore) {
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
    const reached = (): Promise<void> =>
      instance.isCutOffFromFence ? Promise.reject(new Error('The database is away.')) : Promise.resolve();
    const real = this.store.lockOf({
      own: identity,
      ttlMs,
      monotonic: () => this.now,
      // Nobody can tell: the time to live alone must do.
      isGone: () => false,
      sql: {
        query: async <Row>(...statement: Parameters<Sql['query']>) => {
          await reached();
          return this.store.connection.query<Row>(...statement);
        },
        close: () => Promise.resolve(),
      },
    });
    const faulty = async <T>(work: () => Promise<T>): Promise<T> => {
      if (instance.isCutOff) throw new Error('The store is away.');
      await this.store.setTime(this.passed);
      const answer = await work();
      if (!instance.losesAnswer) return answer;
      instance.losesAnswer = false;
      throw new LockTimeout();
    };
    const lock: SchedulerLock = {
      acquire: () => faulty(() => real.acquire()),
      renew: (token) => faulty(() => real.renew(token)),
      release: (token) => faulty(() => real.release(token)),
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
      isCutOffFromFence: false,
      losesAnswer: false,
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
        return this.store.forget();
      case 'wall-clock':
        this.store.stepClock(step.ms);
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
      this.pass(Math.max(this.now, next.nextTurn));
      next.nextTurn = this.now + intervalMs;
      await next.keeper.turn();
    }
    this.pass(end);
  }

  /** A task of this instance writes; what came of it is checked at once. */
  async write(index: number): Promise<boolean> {
    const { believed } = this.at(index);
    if (believed === undefined) return false;
    const rows = await this.store.connection.query(guardStatement({ token: believed, maxPauseMs: 1 }, 'sqlite'));
    if (rows.length > 0) this.written.push(believed);
    return rows.length > 0;
  }

  /** How many instances could write now. */
  async writers(): Promise<number> {
    const [fence] = await this.store.connection.query<{ token: number }>('SELECT token FROM scheduler_fence');
    return this.crew.filter(
      ({ isRunning, believed }) => isRunning && believed !== undefined && believed >= (fence?.token ?? 0),
    ).length;
  }

  at(index: number): Instance {
    const instance = this.crew[index];
    if (!instance) throw new Error(`There is no instance ${index}.`);
    return instance;
  }

  private pass(until: number): void {
    this.passed += until - this.now;
    this.now = until;
  }

  private async change(kind: string, index: number): Promise<void> {
    const instance = this.at(index);
    if (kind === 'write') {
      if (isActive(instance) && instance.hungSince === undefined && canWrite(instance)) await this.write(index);
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
    if (kind === 'cut-fence') instance.isCutOffFromFence = true;
    if (kind === 'lose-answer') instance.losesAnswer = true;
    if (kind === 'mend') {
      Object.assign(instance, { isCutOff: false, isCutOffFromFence: false, losesAnswer: false, hungSince: undefined });
    }
    if (kind === 'hang') instance.hungSince ??= this.now;
    if (kind === 'resume') {
      instance.isPaused = false;
      // Its tasks go on first: they know nothing of what happened.
      if (instance.isRunning && canWrite(instance)) await this.write(index);
    }
  }
}

function isActive({ isRunning, isPaused }: Instance): boolean {
  return isRunning && !isPaused;
}

function canWrite({ isCutOff, isCutOffFromFence }: Instance): boolean {
  return !isCutOff && !isCutOffFromFence;
}

/** Whatever happens in whatever order: at most one instance can write, and nobody after one with a higher token did. */
export async function neverTwoWriters(store: SimulationStore, runs: number): Promise<void> {
  const seen = { schedules: 0, holders: 0, writes: 0 };
  await fc.assert(
    fc.asyncProperty(fc.array(steps, { maxLength: 50, size: 'max' }), async (schedule) => {
      await store.reset();
      const world = new World(store);
      for (const step of schedule) {
        await world.take(step);
        expect(await world.writers()).toBeLessThanOrEqual(1);
      }
      // Each acquisition has a higher token than those before, and nobody writes after somebody with a higher one did.
      expect(world.given).toEqual([...new Set(world.given)].sort((a, b) => a - b));
      expect(world.written).toEqual(world.written.toSorted((a, b) => a - b));
      seen.schedules += 1;
      seen.holders += world.given.length;
      seen.writes += world.written.length;
    }),
    { numRuns: runs, seed },
  );
  // A world in which hardly anybody holds the lock or writes would prove nothing; about two hold it and one writes in each schedule.
  expect(seen.holders).toBeGreaterThan(runs);
  expect(seen.writes).toBeGreaterThan(runs / 2);
  console.log(`lock simulation: seed ${seed}, ${JSON.stringify(seen)}`);
}

/**
 * Somebody holds the lock again within the time to live and one interval after all others crashed.
 * @param hasClock whether the store goes by a wall clock; it may then not step, because a lock in Redis lives until a time
 */
export async function holderAgain(
  store: SimulationStore,
  runs: number,
  { hasClock }: { readonly hasClock: boolean },
): Promise<void> {
  const possible = hasClock ? steps.filter(({ kind }) => kind !== 'wall-clock') : steps;
  await fc.assert(
    fc.asyncProperty(
      fc.array(possible, { maxLength: 30, size: 'max' }),
      who,
      fc.integer({ min: 0, max: intervalMs }),
      async (schedule, standby, delay) => {
        await store.reset();
        const world = new World(store);
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
    { numRuns: runs, seed },
  );
}
