import { type LogPosition } from '../../core/files/log-files.ts';

/** A position as a text that leads back to it. */
export function cursorOf({ inode, offset, firstLine, isInsideLongLine }: LogPosition): string {
  return Buffer.from(JSON.stringify([inode, offset, firstLine, isInsideLongLine])).toString('base64url');
}

/** The position of a text from outside; undefined when it is none. */
export function positionOf(cursor: string): LogPosition | undefined {
  const parts: unknown = parsed(Buffer.from(cursor, 'base64url').toString());
  if (!Array.isArray(parts)) return undefined;
  const [inode, offset, firstLine, isInsideLongLine] = parts as unknown[];
  if (!isCount(inode) || !isCount(offset) || typeof isInsideLongLine !== 'boolean') return undefined;
  if (firstLine !== null && (typeof firstLine !== 'string' || !/^[0-9a-f]{32}$/.test(firstLine))) return undefined;
  return { inode, offset, firstLine, isInsideLongLine };
}

function isCount(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}

function parsed(text: string): unknown {
  // Anything may come from outside.
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
