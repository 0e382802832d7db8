import { Injectable } from '@nestjs/common';

/** The only source of time for rules, so that tests can choose it. */
@Injectable()
export class Clock {
  /** Wall time in epoch milliseconds. It may step backwards. */
  now(): number {
    return Date.now();
  }

  /** Milliseconds from an arbitrary start; never steps. For durations only. */
  monotonic(): number {
    return performance.now();
  }
}
