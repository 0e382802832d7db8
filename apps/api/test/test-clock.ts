import { Clock } from '../src/core/clock.ts';

/** Wall time that tests move; monotonic time goes on by itself. */
export class TestClock extends Clock {
  private offset = 0;
  private stoppedAt: number | undefined;

  override now(): number {
    return (this.stoppedAt ?? super.now()) + this.offset;
  }

  /** From now on wall time stands still but for {@link advance}, however long the test takes. */
  stop(): void {
    this.stoppedAt = super.now();
  }

  /** Moves the wall clock on. */
  advance(milliseconds: number): void {
    this.offset += milliseconds;
  }
}
