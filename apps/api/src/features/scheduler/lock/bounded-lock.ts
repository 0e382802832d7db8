import { type Acquisition, type Holder, LockTimeout, type SchedulerLock } from './scheduler-lock.ts';

/** Makes every call of a lock reject with {@link LockTimeout} after a while; what comes later counts for nothing. */
export class BoundedLock implements SchedulerLock {
  private readonly lock: SchedulerLock;
  /** Milliseconds. */
  private readonly limitMs: number;
  // Written out, because Node runs this file in a thread of its own and only strips the types.
  constructor(lock: SchedulerLock, limitMs: number) {
    this.lock = lock;
    this.limitMs = limitMs;
  }

  acquire(): Promise<Acquisition> {
    return this.bounded(this.lock.acquire());
  }

  renew(token: number): Promise<boolean> {
    return this.bounded(this.lock.renew(token));
  }

  release(token: number): Promise<void> {
    return this.bounded(this.lock.release(token));
  }

  read(): Promise<Holder | undefined> {
    return this.bounded(this.lock.read());
  }

  close(): Promise<void> {
    return this.bounded(this.lock.close());
  }

  private async bounded<T>(work: Promise<T>): Promise<T> {
    const { promise: tooLate, reject } = Promise.withResolvers<never>();
    const timer = setTimeout(() => reject(new LockTimeout()), this.limitMs);
    try {
      return await Promise.race([work, tooLate]);
    } finally {
      clearTimeout(timer);
    }
  }
}
