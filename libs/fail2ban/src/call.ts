import { type PickleInput, type PythonValue } from './pickle/values.ts';

/** Most milliseconds for each kind of command. */
export interface CommandTimeouts {
  /** Short reads, 5,000 by default. Counts from the call, waiting included: a reader is told in time, whatever happens. */
  readMs: number;
  /** Reads of lists of any length, 30,000 by default. Counts from the call. */
  listMs: number;
  /** Changes, 60,000 by default, and 10 more for each address. Counts from when it is sent. */
  writeMs: number;
  /** Reload, start and stop, 120,000 by default. Counts from when it is sent. */
  reloadMs: number;
  /** How long a server that was there may be gone (restart) before commands fail, 1,000 by default. */
  connectMs: number;
}

/** What every call takes. */
export interface CallOptions {
  /** Ends the call. Before it is sent nothing happens; afterwards fail2ban may still carry it out (see the error's `sent`). */
  signal?: AbortSignal | undefined;
  /** Another limit than the one of the command's kind, in milliseconds. */
  timeoutMs?: number | undefined;
}

/** Kind of a command: the first two only read and may be sent again after a lost connection. */
export type CommandKind = 'read' | 'list' | 'write' | 'reload';

/** How a command is to be sent. */
export interface Call extends CallOptions {
  kind: CommandKind;
  /** Milliseconds to add to the limit of the kind, for commands with much work. */
  extraMs?: number;
}

/** Sends one command and returns the value of its answer. */
export type Send = (words: readonly PickleInput[], call: Call) => Promise<PythonValue>;

/** The options of a call, of a kind. */
export function kindOf(kind: CommandKind, options: CallOptions | undefined, extraMs = 0): Call {
  return { kind, extraMs, signal: options?.signal, timeoutMs: options?.timeoutMs };
}
