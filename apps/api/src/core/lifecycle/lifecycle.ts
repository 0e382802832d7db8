import { Injectable } from '@nestjs/common';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';

/** How long stopping may take; shorter in tests. */
export class StopTimes {
  /** Milliseconds to go on serving while not ready, so that load balancers notice and turn away. */
  readonly serveMs: number = 6_000;
  /** Milliseconds that requests under way have to finish after that; then every connection is closed. */
  readonly drainMs: number = 15_000;
  /** Milliseconds after which the process ends whatever is still open. */
  readonly totalMs: number = 25_000;
}

type Hook = () => void | Promise<void>;

/** Whether BanGUI is about to stop, and what has to happen first. */
@Injectable()
export class Lifecycle {
  private readonly hooks = new Set<Hook>();
  private readonly request = Promise.withResolvers<number>();
  private stopping = false;

  constructor(private readonly log: Log) {}

  /** True from the first signal on: readiness answers 503. */
  get isStopping(): boolean {
    return this.stopping;
  }

  /** Resolves to the exit status when BanGUI itself wants to stop. */
  get stopRequested(): Promise<number> {
    return this.request.promise;
  }

  /** Asks for a stop in order; the process then ends with this status. */
  requestStop(exitCode: number): void {
    this.request.resolve(exitCode);
  }

  /**
   * Registers what must end when BanGUI is about to stop, while it still serves: tasks and event streams. The returned
   * function takes it back.
   */
  onStop(hook: Hook): () => void {
    this.hooks.add(hook);
    return () => this.hooks.delete(hook);
  }

  /** Not ready from now on; runs every hook. One that fails is logged and does not keep the others from running. */
  async beginStop(): Promise<void> {
    this.stopping = true;
    const outcomes = await Promise.allSettled([...this.hooks].map(async (hook) => hook()));
    for (const outcome of outcomes) {
      if (outcome.status === 'rejected') this.log.error(logEvents.stopHookFailed, { error: outcome.reason });
    }
  }
}
