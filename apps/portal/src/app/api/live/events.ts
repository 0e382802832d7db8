import {
  type BanEvent,
  type BansChangedEvent,
  type HelloEvent,
  type JailsEvent,
  type Operation,
  type SchedulerInfo,
  type ServerEvent,
  type TaskInfo,
  type UnbanEvent,
} from '../generated/models';

/** Everything the event stream can say; names and bodies are the API's. */
export type LiveEvent =
  | { readonly name: 'hello'; readonly data: HelloEvent }
  | { readonly name: 'server'; readonly data: ServerEvent }
  | { readonly name: 'jails'; readonly data: JailsEvent }
  | { readonly name: 'ban'; readonly data: BanEvent }
  | { readonly name: 'unban'; readonly data: UnbanEvent }
  | { readonly name: 'bans-changed'; readonly data: BansChangedEvent }
  | { readonly name: 'operation'; readonly data: Operation }
  | { readonly name: 'task'; readonly data: TaskInfo }
  | { readonly name: 'scheduler'; readonly data: SchedulerInfo }
  | { readonly name: 'session-ended'; readonly data: unknown }
  | { readonly name: 'resync'; readonly data: unknown };

const NAMES: ReadonlySet<string> = new Set<LiveEvent['name']>([
  'hello',
  'server',
  'jails',
  'ban',
  'unban',
  'bans-changed',
  'operation',
  'task',
  'scheduler',
  'session-ended',
  'resync',
]);

/** Reads one message of the stream; undefined for what this version of the portal does not know. */
export function liveEvent(name: string, data: string): LiveEvent | undefined {
  if (!NAMES.has(name)) return undefined;
  // A broken message is dropped: the next change of the same thing brings its state again.
  try {
    // The body comes from our own API on our own origin; its shape is part of the contract with this name.
    return { name, data: JSON.parse(data) as unknown } as LiveEvent;
  } catch {
    return undefined;
  }
}
