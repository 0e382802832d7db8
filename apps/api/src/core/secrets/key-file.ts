import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { mkdir, open, readFile, rename, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';

/** Characters of the shortest key. */
const shortestKey = 32;

/** Where the keys of an SQLite database are when the environment names none. */
export function keyFileOf(databasePath: string): string {
  return join(dirname(resolve(databasePath)), 'secret-key');
}

/** The file beside an SQLite database that holds the keys of secrets: one per line, the one that seals first. */
export class KeyFile {
  private constructor(private readonly path: string) {}

  /** Opens the file, and makes it with a first key. Of two processes that start at once the second one reads the key of the first. */
  static async open(path: string): Promise<KeyFile> {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 });
    try {
      await writeFile(path, `${newKey()}\n`, { mode: 0o600, flag: 'wx', flush: true });
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
    }
    const file = new KeyFile(path);
    file.read();
    return file;
  }

  /** The keys as they are now: another process may have changed them. Throws when the file holds none. */
  read(): readonly [string, ...string[]] {
    const keys = keysIn(readFileSync(this.path, 'utf8'));
    if (!keys) throw new Error(`${this.path} holds no key; a restore of its backup is the way back.`);
    return keys;
  }

  /**
   * Puts the keys of another file before those that there are, so that what was sealed with any of them can be opened;
   * makes the file when there is none.
   * @param text content of the other file
   * @returns false when it holds no key; nothing has changed then
   */
  static async putFirst(path: string, text: string): Promise<boolean> {
    const keys = keysIn(text);
    if (!keys) return false;
    const present = await readFile(path, 'utf8').then(keysIn, () => undefined);
    await new KeyFile(path).write([...new Set([...keys, ...(present ?? [])])]);
    return true;
  }

  /** Puts a new key before those that there are: from then on it seals, and all of them open. */
  async add(): Promise<void> {
    await this.write([newKey(), ...this.read()]);
  }

  /** Forgets every key but the one that seals. */
  async keepFirst(): Promise<void> {
    await this.write([this.read()[0]]);
  }

  /** Replaces the file: after a crash it is the old or the new one, and on the disk before this resolves. */
  private async write(keys: readonly string[]): Promise<void> {
    const made = `${this.path}.new`;
    await writeFile(made, `${keys.join('\n')}\n`, { mode: 0o600, flush: true });
    await rename(made, this.path);
    const folder = await open(dirname(this.path), 'r');
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

/** One key per line; undefined when there is none, or one that is too short. */
function keysIn(text: string): readonly [string, ...string[]] | undefined {
  const [first, ...others] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (first === undefined || [first, ...others].some(({ length }) => length < shortestKey)) return undefined;
  return [first, ...others];
}

function newKey(): string {
  return randomBytes(32).toString('base64url');
}
