import { Worker } from 'node:worker_threads';
import { type LockReport } from './lock-keeper.ts';
import { type LockMessage, type LockRequest, type LockThreadData } from './lock-messages.ts';
import { type Holder } from './scheduler-lock.ts';

/** How often the main thread shows that it lives, in milliseconds. */
const tickMs = 1_000;
/** The thread holds one connection and a few short texts. */
const maxHeapMb = 48;

/** What {@link LockThread} is started with. */
export type LockThreadOptions = Omit<LockThreadData, 'tick'>;

type Waiting = (message: { readonly holder: Holder | null } | { readonly reason: string }) => void;

/** Keeps the lock in a thread of its own, and tells what becomes of it. A thread that ends is started anew. */
export class LockThread {
  private readonly ticks = new BigInt64Array(new SharedArrayBuffer(8));
  private readonly waiting = new Map<number, Waiting>();
  private readonly ticking: NodeJS.Timeout;
  private worker: Worker;
  private held: number | undefined;
  private count = 0;
  private isEnding = false;
  private restart: NodeJS.Timeout | undefined;

  constructor(
    private readonly options: LockThreadOptions,
    private readonly report: (report: LockReport) => void,
  ) {
    this.tick();
    this.ticking = setInterval(() => this.tick(), tickMs).unref();
    this.worker = this.start();
  }

  /** Who holds the lock. Rejects when that cannot be found out. */
  async read(): Promise<Holder | undefined> {
    return (await this.ask('read')) ?? undefined;
  }

  /** Gives the lock back and tries no more to acquire it. */
  async release(): Promise<void> {
    this.held = undefined;
    await this.ask('release');
  }

  /** Ends the thread; a lock that was not released expires. */
  async end(): Promise<void> {
    this.isEnding = true;
    clearInterval(this.ticking);
    clearTimeout(this.restart);
    await this.worker.terminate();
  }

  private tick(): void {
    Atomics.store(this.ticks, 0, process.hrtime.bigint());
  }

  private ask(kind: LockRequest['kind']): Promise<Holder | null> {
    if (this.isEnding) return Promise.reject(new Error('The thread of the scheduler lock has ended.'));
    const id = (this.count += 1);
    return new Promise((resolve, reject) => {
      this.waiting.set(id, (message) => {
        if ('holder' in message) resolve(message.holder);
        else reject(new Error(message.reason));
      });
      // The process must not end before the answer.
      this.worker.ref();
      this.worker.postMessage({ id, kind } satisfies LockRequest);
    });
  }

  private start(): Worker {
    // Sources run as TypeScript in tests, as JavaScript once built.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const data: LockThreadData = { ...this.options, tick: this.ticks.buffer };
    const worker = new Worker(new URL(`./lock-worker.${extension}`, import.meta.url), {
      workerData: data,
      resourceLimits: { maxYoungGenerationSizeMb: 4, maxOldGenerationSizeMb: maxHeapMb },
    });
    let reason = 'The thread of the scheduler lock ended.';
    worker.on('message', (message: LockMessage) => this.receive(message));
    // `exit` follows.
    worker.on('error', (error: Error) => (reason = `The thread of the scheduler lock failed: ${error.message}`));
    worker.once('exit', () => this.replace(reason));
    // It keeps the process alive until its first report.
    return worker;
  }

  private receive(message: LockMessage): void {
    if (!('report' in message)) {
      this.waiting.get(message.id)?.(message);
      this.waiting.delete(message.id);
    }
    if (this.waiting.size === 0) this.worker.unref();
    if ('report' in message) {
      const { report } = message;
      if (report.kind === 'acquired') this.held = report.token;
      if (report.kind === 'lost') this.held = undefined;
      this.report(report);
    }
  }

  private replace(reason: string): void {
    for (const tell of this.waiting.values()) tell({ reason });
    this.waiting.clear();
    if (this.isEnding) return;
    if (this.held === undefined) this.report({ kind: 'not-acquired', reason });
    else this.report({ kind: 'lost', token: this.held, reason: 'expired' });
    this.held = undefined;
    this.restart = setTimeout(() => (this.worker = this.start()), this.options.intervalMs).unref();
  }
}
