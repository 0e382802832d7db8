/** Limits how long somebody works, not counting the time spent waiting for others. */
export class WorkTimer {
  private usedMs = 0;
  private since = 0;
  private timer: NodeJS.Timeout | undefined;
  private readonly limitMs: number;
  private readonly over: () => void;

  constructor(limitMs: number, over: () => void) {
    this.limitMs = limitMs;
    this.over = over;
  }

  run(): void {
    if (this.timer !== undefined) return;
    this.since = performance.now();
    this.timer = setTimeout(this.over, Math.max(this.limitMs - this.usedMs, 0));
  }

  pause(): void {
    if (this.timer === undefined) return;
    clearTimeout(this.timer);
    this.timer = undefined;
    this.usedMs += performance.now() - this.since;
  }
}
