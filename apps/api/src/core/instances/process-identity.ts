import { randomUUID } from 'node:crypto';
import { readFileSync, readlinkSync } from 'node:fs';
import { hostname } from 'node:os';

/** A process, as far as it can be told apart from every other. */
export interface ProcessIdentity {
  /** Random for each start. */
  readonly instanceId: string;
  readonly host: string;
  readonly pid: number;
  /** When the process began, in clock ticks after the machine did; null where that cannot be known. */
  readonly processStart: string | null;
  /** Of the running kernel; null where that cannot be known. */
  readonly bootId: string | null;
  /** A pid means something only within it; null where that cannot be known. */
  readonly pidNamespace: string | null;
}

function orNull(read: () => string): string | null {
  try {
    return read().trim() || null;
  } catch {
    // Not Linux, or no /proc: only its time to live then tells that it is gone.
    return null;
  }
}

/** When a process began; undefined when there is none, or only its remains that wait for their parent. */
function startOf(pid: number): string | undefined {
  const stat = orNull(() => readFileSync(`/proc/${pid}/stat`, 'utf8'));
  // The name, second and in parentheses, may hold anything.
  const [state, ...rest] = (stat?.slice(stat.lastIndexOf(')') + 1) ?? '').trim().split(' ');
  return state === 'Z' || state === 'X' ? undefined : rest[18];
}

/** Identity of this process under a new instance id. */
export function ownIdentity(): ProcessIdentity {
  return {
    instanceId: randomUUID(),
    host: hostname().slice(0, 255),
    pid: process.pid,
    processStart: startOf(process.pid) ?? null,
    bootId: orNull(() => readFileSync('/proc/sys/kernel/random/boot_id', 'utf8')),
    pidNamespace: orNull(() => readlinkSync('/proc/self/ns/pid')),
  };
}

/**
 * Whether a process provably is no more: it ran on the same kernel and its pid, in the same namespace, belongs to nobody or
 * to a process that began at another time.
 */
export function isGone(holder: ProcessIdentity, own: ProcessIdentity): boolean {
  const isSamePlace =
    holder.bootId !== null &&
    holder.pidNamespace !== null &&
    holder.bootId === own.bootId &&
    holder.pidNamespace === own.pidNamespace;
  return isSamePlace && holder.processStart !== null && startOf(holder.pid) !== holder.processStart;
}
