import { type WantedVersion } from './wanted-version.ts';

/** The members of a value that came from outside; none for what is no object. */
export function membersOf(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null ? { ...value } : {};
}

/** Reads a version that came from outside; undefined for anything else. */
export function readVersion(value: unknown): WantedVersion | undefined {
  const { resync, fencing, generation, blockedHash, allowedHash, placement } = membersOf(value);
  if (!isCount(resync) || !isCount(fencing) || !isCount(generation)) return undefined;
  if (!isHash(blockedHash) || !isHash(allowedHash)) return undefined;
  if (placement !== 'raw' && placement !== 'established') return undefined;
  return { resync, fencing, generation, blockedHash, allowedHash, placement };
}

/** Whether a value is an integer that is not negative. */
export function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function isHash(value: unknown): value is string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value);
}
