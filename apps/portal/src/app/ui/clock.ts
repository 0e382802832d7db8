import { DestroyRef, inject, Service, signal } from '@angular/core';

/**
 * The one ticking clock of the page, in step with the server: relative times everywhere read it, so that they agree
 * with each other and with the times fail2ban writes. Ticks once a second, and not while the page is hidden.
 */
@Service()
export class Clock {
  private readonly current = signal(Date.now());
  private offset = 0;

  /** The server's time now, epoch milliseconds. */
  readonly now = this.current.asReadonly();

  constructor() {
    const tick = (): void => {
      if (!document.hidden) this.current.set(Date.now() + this.offset);
    };
    const timer = setInterval(tick, 1000);
    document.addEventListener('visibilitychange', tick);
    inject(DestroyRef).onDestroy(() => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', tick);
    });
  }

  /** Takes over the server's time, epoch milliseconds. Differences under two seconds are the network's and are ignored. */
  alignWith(serverTime: number): void {
    const offset = serverTime - Date.now();
    this.offset = Math.abs(offset) < 2000 ? 0 : offset;
    this.current.set(Date.now() + this.offset);
  }
}
