/** What one kind of message between instances is about, and how its payload is checked. Made by {@link defineTopic}. */
export interface Topic<T> {
  readonly name: string;
  /** The payload if it is one, undefined for anything else. It comes from outside and is never to be believed. */
  readonly read: (payload: unknown) => T | undefined;
}

/** Declares a topic. Each feature declares its own beside the code that publishes it. */
export function defineTopic<T>(name: string, read: (payload: unknown) => T | undefined): Topic<T> {
  return Object.freeze({ name, read });
}

/** The members of a payload; none for what is no object. For the `read` of a topic. */
export function membersOf(payload: unknown): Readonly<Record<string, unknown>> {
  return typeof payload === 'object' && payload !== null ? { ...payload } : {};
}
