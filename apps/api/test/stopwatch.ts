/** Between two looks at how late this process is, milliseconds. */
const lookEveryMs = 20;

/**
 * Measures how long something took by the time this process really had: on a busy machine it is often not run when it
 * should be, and what it loses that way says nothing about the API, which runs in the same process.
 */
export class Stopwatch {
  private readonly startedAt = performance.now();
  private lostMs = 0;
  private lookedAt = this.startedAt;
  private readonly timer = setInterval(() => {
    const now = performance.now();
    this.lostMs += Math.max(0, now - this.lookedAt - lookEveryMs);
    this.lookedAt = now;
  }, lookEveryMs);

  /** Milliseconds since the start without what was lost; the measuring ends. */
  stop(): number {
    clearInterval(this.timer);
    return performance.now() - this.startedAt - this.lostMs;
  }
}
