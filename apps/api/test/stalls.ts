import { once } from 'node:events';
import { Worker } from 'node:worker_threads';

/** A thread that has nothing to do but to look every 20 ms how late it is. Ordinary turns of other threads are no stall. */
const code = `
const { workerData } = require('node:worker_threads');
let lookedAt = performance.now();
setInterval(() => {
  const now = performance.now();
  const lateMs = now - lookedAt - 20;
  if (lateMs > 100) workerData[0] += lateMs;
  lookedAt = now;
}, 20);
`;

/** Knows for how long the machine let none of our idle threads run: what such a thread does late then is not its fault. */
export class Stalls implements AsyncDisposable {
  private readonly sum = new Float64Array(new SharedArrayBuffer(8));
  private readonly worker = new Worker(code, { eval: true, workerData: this.sum });

  /** Resolves when it watches. */
  static async watch(): Promise<Stalls> {
    const stalls = new Stalls();
    await once(stalls.worker, 'online');
    return stalls;
  }

  /** Milliseconds so far. */
  get totalMs(): number {
    return this.sum[0] ?? 0;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.worker.terminate();
  }
}
