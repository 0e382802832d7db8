/** Limits how long somebody works, not counting the time spent waiting for others. To be stopped at the end. */
export class WorkTimer {
  private usedMs = 0;
  /** Undefined while others are waited for. */
  private since: number | undefined;
  private timer: NodeJS.Timeout | undefined;
  private readonly limitMs: number;
  private readonly over: () => void;

  constructor(limitMs: number, over: () => void) {
    this.limitMs = limitMs;
    this.over = over;
  }

  run(): void {
    if (this.since !== undefined) return;
    this.since = performance.now();
    this.arm();
  }

  pause(): void {
    if (this.since === undefined) return;
    this.usedMs += performance.now() - this.since;
    this.since = undefined;
  }

  /** Ends it: from then on nothing is over. */
  stop(): void {
    this.pause();
    clearTimeout(this.timer);
  }

  /** Looks when the limit can be reached at the earliest: a pause for each of a million entries costs no timer. */
  private arm(): void {
    this.timer ??= setTimeout(() => this.look(), Math.max(1, this.leftMs()));
  }

  private look(): void {
    this.timer = undefined;
    if (this.since === undefined) return;
    if (this.leftMs() > 0) this.arm();
    else this.over();
  }

  private leftMs(): number {
    const nowMs = this.since === undefined ? 0 : performance.now() - this.since;
    return this.limitMs - this.usedMs - nowMs;
  }
}
