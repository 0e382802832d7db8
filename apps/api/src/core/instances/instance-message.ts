import { membersOf } from './topic.ts';

/** Longest message in bytes: PostgreSQL takes less than 8,000. */
export const maxMessageBytes = 7_900;

/** One message as it goes from instance to instance. */
export interface InstanceMessage {
  /** The instance that sent it; each start has another one. */
  readonly from: string;
  readonly topic: string;
  /** Absent when the receiver is to read for itself: too big to be sent, or something was not sent. */
  readonly payload?: unknown;
}

/** The message as text. A payload that is too big is left out, so that receivers read for themselves. */
export function messageText(message: InstanceMessage): string {
  const text = JSON.stringify(message);
  if (Buffer.byteLength(text) <= maxMessageBytes) return text;
  return JSON.stringify({ from: message.from, topic: message.topic });
}

/** Reads whatever arrived; undefined when it is no message. */
export function readMessage(text: string): InstanceMessage | undefined {
  if (Buffer.byteLength(text) > maxMessageBytes) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    // Not JSON, so not ours.
    return undefined;
  }
  const { from, topic, payload } = membersOf(value);
  if (typeof from !== 'string' || typeof topic !== 'string') return undefined;
  return payload === undefined ? { from, topic } : { from, topic, payload };
}
