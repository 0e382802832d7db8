import { open, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What was let in under an id: exactly this package, with exactly these files. */
export interface LockedPlugin {
  readonly package: string;
  readonly version: string;
  /** `sha512-…` of the package's folder. */
  readonly checksum: string;
}

/** What was let in, by the id of the source. */
export type PluginsLock = Readonly<Record<string, LockedPlugin>>;

/** The lock is there, but holds something else than a lock. */
export class LockUnreadable extends Error {
  override readonly name = 'LockUnreadable';
}

const fileName = 'bangui-plugins.json';
const maxBytes = 1024 * 1024;

/** Where the lock of a folder of plugins is. */
export function lockPath(folder: string): string {
  return join(folder, fileName);
}

/** Reads the lock of a folder of plugins; empty when there is none yet. @throws LockUnreadable */
export async function readLock(folder: string): Promise<PluginsLock> {
  let content: unknown;
  try {
    content = JSON.parse(await readBounded(lockPath(folder)));
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return {};
    throw new LockUnreadable(`${lockPath(folder)} cannot be read.`, { cause: error });
  }
  const plugins: unknown =
    typeof content === 'object' && content !== null ? Reflect.get(content, 'plugins') : undefined;
  if (typeof plugins !== 'object' || plugins === null || !Object.values(plugins).every(isLocked)) {
    throw new LockUnreadable(`${lockPath(folder)} is not what \`bangui plugin add\` writes.`);
  }
  // Every value was checked.
  return plugins as PluginsLock;
}

/** Replaces the lock in one step: a reader sees the old one or the new one. */
export async function writeLock(folder: string, lock: PluginsLock): Promise<void> {
  const plugins = Object.fromEntries(Object.entries(lock).sort(([one], [other]) => (one < other ? -1 : 1)));
  const beside = `${lockPath(folder)}.new`;
  await writeFile(beside, `${JSON.stringify({ plugins }, null, 2)}\n`);
  await rename(beside, lockPath(folder));
}

function isLocked(value: unknown): value is LockedPlugin {
  if (typeof value !== 'object' || value === null) return false;
  return ['package', 'version', 'checksum'].every((member) => typeof Reflect.get(value, member) === 'string');
}

async function readBounded(path: string): Promise<string> {
  const file = await open(path);
  try {
    const { size } = await file.stat();
    if (size > maxBytes) throw new LockUnreadable(`${path} is larger than ${maxBytes} bytes.`);
    return await file.readFile('utf8');
  } finally {
    await file.close();
  }
}
