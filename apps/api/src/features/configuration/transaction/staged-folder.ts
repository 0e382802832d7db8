import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { filesIn } from '../../../core/fail2ban/index.ts';
import { type FileChange } from '../store/index.ts';

/** The configuration folder as it would be after a change, for fail2ban's own programs to read. */
export class StagedFolder implements AsyncDisposable {
  private constructor(readonly path: string) {}

  /** Copies what is a file, and lays the changes over it. Rejects with the file system's error. */
  static async of(directory: string, changes: readonly Pick<FileChange, 'path' | 'after'>[]): Promise<StagedFolder> {
    const staged = new StagedFolder(await mkdtemp(join(tmpdir(), 'bangui-check-')));
    try {
      const changed = new Map(changes.map(({ path, after }) => [path, after]));
      const { files, folders } = await filesIn(directory);
      for (const folder of folders) await mkdir(join(staged.path, folder));
      const kept = files.filter((path) => !changed.has(path));
      await Promise.all(kept.map((path) => copyFile(join(directory, path), join(staged.path, path))));
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
}
