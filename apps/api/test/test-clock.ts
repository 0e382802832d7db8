import { Clock } from '../src/core/clock.ts';

/** Wall time that tests move; monotonic time goes on by itself. */
export class TestClock extends Clock {
  private offset = 0;

  override now(): number {
    return super.now() + this.offset;
  }

  /** Moves the wall clock on. */
  advance(milliseconds: number): void {
    this.offset += milliseconds;
  }
}
