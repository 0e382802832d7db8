import { parentPort, workerData } from 'node:worker_threads';
import { BoundedLock } from './bounded-lock.ts';
import { LockKeeper } from './lock-keeper.ts';
import { type LockMessage, type LockRequest, type LockThreadData } from './lock-messages.ts';
import { kernelMonotonic, openLock } from './open-lock.ts';

// A thread of its own with connections of its own: however busy the main thread is, the heart beats.
const data = workerData as LockThreadData;
const ticks = new BigInt64Array(data.tick);
const tell = (message: LockMessage): void => parentPort?.postMessage(message);

const lock = new BoundedLock(await openLock(data), data.limitMs);
const keeper = new LockKeeper(
  lock,
  {
    ttlMs: data.ttlMs,
    // Half a minute at the default of one minute.
    maxTickAgeMs: Math.min(30_000, data.ttlMs / 2),
    monotonic: kernelMonotonic,
    tickAge: () => Number((process.hrtime.bigint() - Atomics.load(ticks, 0)) / 1_000_000n),
  },
  (report) => tell({ report }),
);
let isCandidate = data.isCandidate;
let turn: Promise<void> = Promise.resolve();

function beat(): void {
  const startedAt = kernelMonotonic();
  turn = isCandidate ? keeper.turn() : Promise.resolve();
  void turn.then(() => {
    if (!isCandidate) return;
    // From start to start, so that a slow renewal does not stretch the interval.
    setTimeout(beat, Math.max(10, data.intervalMs - (kernelMonotonic() - startedAt)));
  });
}

async function answer({ id, kind }: LockRequest): Promise<void> {
  try {
    if (kind === 'release') {
      isCandidate = false;
      await turn;
      await keeper.release();
      tell({ id, holder: null });
      return;
    }
    tell({ id, holder: (await lock.read()) ?? null });
  } catch (error) {
    // Whoever asked is told; the database or Redis may be away.
    tell({ id, reason: error instanceof Error ? error.message : String(error) });
  }
}

parentPort?.on('message', (request: LockRequest) => void answer(request));
beat();
