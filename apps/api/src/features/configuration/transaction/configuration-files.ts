import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, mkdir, open, readdir, realpath, rename, rm, stat } from 'node:fs/promises';
import { dirname, join, sep } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Fail2banConfiguration } from '../../../core/fail2ban/index.ts';
import { ConfigurationUnwritable, PathNotOurs } from '../configuration.errors.ts';
import { isWritablePath, serverFile } from '../owned-path.ts';
import { type FileChange } from '../store/index.ts';

/** Largest file, in bytes; the reader takes no more. */
export const maxFileBytes = 512 * 1024;
const folders = ['.', 'jail.d', 'filter.d', 'action.d', 'fail2ban.d'] as const;
const temporary = /^\.bangui-[0-9a-f]{16}\.tmp$/;

/** Reads and writes files of the configuration folder: only by names that are ours to write, never through a link. */
@Injectable()
export class ConfigurationFiles {
  constructor(private readonly configuration: Fail2banConfiguration) {}

  /**
   * The text of a file; null when there is none.
   * @throws {PathNotOurs} for another name, or where a link leads out of the folder
   */
  async read(path: string): Promise<string | null> {
    let file;
    try {
      const place = await this.place(path);
      file = await open(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    } catch (error) {
      // No such file, or no such folder.
      if (isCode(error, 'ENOENT') || (error instanceof ConfigurationUnwritable && isCode(error.cause, 'ENOENT')))
        return null;
      // A link: whoever made it decides what is written there, and that is not us.
      if (isCode(error, 'ELOOP')) throw new PathNotOurs(path);
      throw error;
    }
    try {
      const facts = await file.stat();
      if (!facts.isFile() || facts.size > maxFileBytes) throw new PathNotOurs(path);
      const bytes = Buffer.alloc(facts.size);
      const { bytesRead } = await file.read(bytes, 0, facts.size, 0);
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.subarray(0, bytesRead));
    } finally {
      await file.close();
    }
  }

  /**
   * Writes each file in one step, or removes it, and resolves when that outlasts a loss of power. A reload beside us reads
   * each file as it was or as it is meant.
   * @throws {ConfigurationUnwritable} naming the file; those before it are written
   */
  async write(changes: readonly Pick<FileChange, 'path' | 'after'>[]): Promise<void> {
    for (const { path, after } of changes) {
      // Not every package has it, and fail2ban reads it where it is.
      if (path === serverFile) await this.makeFolder(path);
      const place = await this.place(path);
      try {
        if (after === null) await rm(place, { force: true });
        else await this.replace(place, after);
        await syncFolder(dirname(place));
      } catch (error) {
        throw new ConfigurationUnwritable(path, error);
      }
    }
  }

  /** Removes what an interrupted write left behind. */
  async removeRemains(): Promise<void> {
    for (const folder of folders) {
      const path = join(this.configuration.directory, folder);
      for (const name of await readdir(path).catch(() => [])) {
        if (temporary.test(name)) await rm(join(path, name), { force: true });
      }
    }
  }

  /**
   * Keeps a copy of a file beside it, under a name that fail2ban does not read. Resolves to that name within the folder.
   * @throws {ConfigurationUnwritable}
   */
  async backUp(path: string, text: string, at: number): Promise<string> {
    const stamp = new Date(at).toISOString().replaceAll(/[:.]/g, '-');
    const copy = `${path}.before-bangui-${stamp}`;
    try {
      await this.place(path);
      await this.replace(join(this.configuration.directory, copy), text);
      return copy;
    } catch (error) {
      throw new ConfigurationUnwritable(copy, error);
    }
  }

  private async makeFolder(path: string): Promise<void> {
    await mkdir(dirname(join(this.configuration.directory, path))).catch((error: unknown) => {
      if (!isCode(error, 'EEXIST')) throw new ConfigurationUnwritable(path, error);
    });
  }

  private async replace(place: string, text: string): Promise<void> {
    // Whoever could read the file before still can; a new one is for everybody to read, as fail2ban's own are.
    const before = await lstat(place).catch(() => undefined);
    const mode = before?.isFile() ? before.mode & 0o777 : 0o644;
    const fresh = join(dirname(place), `.bangui-${randomBytes(8).toString('hex')}.tmp`);
    const file = await open(fresh, 'wx', mode);
    try {
      await file.writeFile(text, 'utf8');
      // The process's mask takes rights away from new files.
      await file.chmod(mode);
      await file.sync();
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    await rename(fresh, place).catch(async (error: unknown) => {
      await rm(fresh, { force: true });
      throw error;
    });
  }

  /** Where it is, when its folder really is within the configuration folder. */
  private async place(path: string): Promise<string> {
    if (!isWritablePath(path)) throw new PathNotOurs(path);
    const root = await realpath(this.configuration.directory);
    const place = join(this.configuration.directory, path);
    const folder = await realpath(dirname(place)).catch((error: unknown) => {
      throw new ConfigurationUnwritable(path, error);
    });
    if (folder !== root && !folder.startsWith(root + sep)) throw new PathNotOurs(path);
    if (!(await stat(folder)).isDirectory()) throw new PathNotOurs(path);
    return place;
  }
}

async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, 'r');
  try {
    await folder.sync();
  } finally {
    await folder.close();
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
