import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { type BystanderRequest } from './bystander-worker.ts';

/** Another writer of an SQLite database, in a thread of its own. */
export class Bystander {
  private readonly worker: Worker;

  constructor(path: string) {
    this.worker = new Worker(new URL('./bystander-worker.ts', import.meta.url), { workerData: path });
  }

  /** Resolves when it has the write lock, which it then keeps for so many milliseconds. */
  async holdFor(holdMs: number): Promise<void> {
    await this.ask({ holdMs, isEndless: false }, 'begun');
  }

  /** Resolves when it has written something. */
  async write(): Promise<void> {
    await this.ask({ holdMs: 0, isEndless: false }, 'over');
  }

  /** From now on it holds the write lock most of the time. */
  async writeOn(): Promise<void> {
    await this.ask({ holdMs: 40, isEndless: true }, 'begun');
  }

  /** Resolves when its next transaction has begun. */
  turn(): Promise<void> {
    return this.heard('begun');
  }

  async end(): Promise<void> {
    await this.worker.terminate();
  }

  private async ask(request: BystanderRequest, answer: 'begun' | 'over'): Promise<void> {
    const heard = this.heard(answer);
    this.worker.postMessage(request);
    await heard;
  }

  private async heard(wanted: 'begun' | 'over'): Promise<void> {
    for (;;) {
      const [message] = (await once(this.worker, 'message')) as [unknown];
      if (message === wanted) return;
    }
  }
}
