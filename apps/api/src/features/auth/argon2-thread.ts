import { type Argon2Parameters } from 'node:crypto';
import { Worker } from 'node:worker_threads';

/** The thread ends after this many milliseconds without work. */
const idleMs = 5_000;

type Answer = { readonly tag: Uint8Array } | { readonly error: unknown };

/**
 * Derives argon2id tags in a thread of its own that ends when it has nothing to do. On the threads that Node shares out,
 * the stacks and caches of a derivation would stay once for each of them, for ever.
 *
 * Takes one derivation at a time; the caller queues.
 */
export class Argon2Thread {
  private worker: Worker | undefined;
  private idle: NodeJS.Timeout | undefined;

  /** Rejects when the parameters are impossible or the thread dies. */
  async derive(parameters: Argon2Parameters): Promise<Buffer> {
    clearTimeout(this.idle);
    const worker = (this.worker ??= this.start());
    worker.ref();
    const { promise, resolve, reject } = Promise.withResolvers<Answer>();
    worker.once('message', resolve);
    worker.once('error', reject);
    const giveUp = (): void => reject(new Error('the thread ended'));
    worker.once('exit', giveUp);
    worker.postMessage(parameters);
    try {
      const answer = await promise;
      if ('error' in answer) throw answer.error;
      return Buffer.from(answer.tag);
    } finally {
      worker.off('message', resolve);
      worker.off('error', reject);
      worker.off('exit', giveUp);
      worker.unref();
      this.idle = setTimeout(() => void this.end(), idleMs).unref();
    }
  }

  /** Ends the thread; the next derivation starts another. */
  async end(): Promise<void> {
    clearTimeout(this.idle);
    const { worker } = this;
    this.worker = undefined;
    await worker?.terminate();
  }

  private start(): Worker {
    // Sources run as TypeScript in tests, as JavaScript once built.
    const extension = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
    const worker = new Worker(new URL(`./argon2-worker.${extension}`, import.meta.url), {
      resourceLimits: { maxYoungGenerationSizeMb: 1, maxOldGenerationSizeMb: 16 },
    });
    worker.once('exit', () => {
      if (this.worker === worker) this.worker = undefined;
    });
    return worker;
  }
}
