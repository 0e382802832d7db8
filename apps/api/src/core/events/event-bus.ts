import { Injectable } from '@nestjs/common';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';

declare const payload: unique symbol;

/** The name of an in-process event, bound to the type of what it carries. Made by {@link defineEvent}. */
export interface AppEvent<T> {
  readonly name: string;
  /** Exists for the type checker only. */
  readonly [payload]?: T;
}

/** Declares an event. Each feature declares its own beside the code that emits it. */
export function defineEvent<T>(name: string): AppEvent<T> {
  return Object.freeze<AppEvent<T>>({ name });
}

type Listener = (payload: never) => void;

/**
 * Typed events inside one process. Delivery is synchronous and in the order of subscription.
 * A listener that throws is logged and never reaches the emitter or the other listeners.
 */
@Injectable()
export class EventBus {
  private readonly listeners = new Map<AppEvent<never>, Set<Listener>>();

  constructor(private readonly log: Log) {}

  /** Tells every listener. Returns when all have run. */
  emit<T>(event: AppEvent<T>, value: T): void {
    for (const listener of [...(this.listeners.get(event as AppEvent<never>) ?? [])]) {
      try {
        // `on` put only listeners of T under this event.
        (listener as (payload: T) => void)(value);
      } catch (error) {
        this.log.error(logEvents.listenerFailed, { event_name: event.name, error });
      }
    }
  }

  /** Subscribes. The returned function ends the subscription; calling it again does nothing. */
  on<T>(event: AppEvent<T>, listener: (payload: T) => void): () => void {
    // The map forgets T; `emit` with the same event object restores it.
    const key = event as AppEvent<never>;
    const own: Listener = (value) => listener(value);
    const listeners = this.listeners.get(key) ?? new Set<Listener>();
    this.listeners.set(key, listeners.add(own));
    return () => listeners.delete(own);
  }
}
