import { copyFile, mkdir, mkdtemp, readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type FileChange } from '../store/index.ts';

/** More files than any sane configuration has. */
const maxFiles = 20_000;
/** Folders within folders. */
const maxDepth = 4;

/** The configuration folder as it would be after a change, for fail2ban's own programs to read. */
export class StagedFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** Copies what is a file, and lays the changes over it. Rejects with the file system's error. */
  static async of(directory: string, changes: readonly Pick<FileChange, 'path' | 'after'>[]): Promise<StagedFolder> {
    const staged = new StagedFolder(await mkdtemp(join(tmpdir(), 'bangui-check-')));
    try {
      const changed = new Map(changes.map(({ path, after }) => [path, after]));
      await staged.mirror(await realpath(directory), '', changed, { left: maxFiles });
      for (const [path, text] of changed) {
        if (text === null) continue;
        await mkdir(join(staged.path, path, '..'), { recursive: true });
        await writeFile(join(staged.path, path), text, { mode: 0o600 });
      }
      return staged;
    } catch (error) {
      await staged[Symbol.asyncDispose]();
      throw error;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }

  private async mirror(
    source: string,
    below: string,
    changed: ReadonlyMap<string, unknown>,
    count: { left: number },
    depth = 0,
  ): Promise<void> {
    const copies: Promise<void>[] = [];
    for (const entry of await readdir(join(source, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      if (changed.has(path)) continue;
      if ((count.left -= 1) < 0) throw new Error(`The configuration folder has more than ${maxFiles} files.`);
      const place = join(source, path);
      const facts = entry.isSymbolicLink() ? await stat(place).catch(() => undefined) : entry;
      // Nothing else is read as configuration, and a pipe would hold us up for ever.
      if (facts?.isFile()) copies.push(copyFile(place, join(this.path, path)));
      else if (facts?.isDirectory() && depth < maxDepth) {
        await mkdir(join(this.path, path));
        await this.mirror(source, path, changed, count, depth + 1);
      }
    }
    await Promise.all(copies);
  }
}
