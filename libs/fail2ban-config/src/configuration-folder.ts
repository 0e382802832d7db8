import { closeSync, constants, fstatSync, openSync, readSync, realpathSync } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, posix, sep } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { EditableFile, NotUtf8 } from './editable-file.ts';
import { maxFileBytes } from './ini-file.ts';

/** A file of the folder, or why there is none. */
export type FolderFile =
  | { readonly path: string; readonly bytes: number; readonly text: string; readonly problem: null }
  | { readonly path: string; readonly bytes: number; readonly text: null; readonly problem: string };

/** Bound of a folder, as is the number of its files, far beyond what fail2ban comes with (some 160 files, 300 KB). */
const maxTotalBytes = 64 * 1024 * 1024;
/**
 * Files that are read without a pause. Hundreds of small local files one by one through the thread pool cost ten times the
 * processor time of plain calls (50 ms instead of 5 for 465 files); so few at a time hold nobody up.
 */
const filesAtOnce = 8;
/** `filter.d/sshd.d/x.local` is the deepest that fail2ban reads by itself. */
const maxDepth = 2;

/** There is no such folder, or it cannot be listed, or it is too large. */
export class FolderUnreadable extends Error {
  readonly code = 'configuration-folder-unreadable';
}

/**
 * The files of one configuration folder. Names are relative to it, with `/`. What leads out of the folder, by name or by a
 * symbolic link, is never opened, nor is anything but a plain file.
 */
export class ConfigurationFolder {
  private readonly root: string;
  private readonly maxFiles: number;
  private readonly files = new Map<string, FolderFile>();
  private readonly programs = new Set<string>();
  private bytes = 0;

  private constructor(root: string, maxFiles: number) {
    this.root = root;
    this.maxFiles = maxFiles;
  }

  /** Reads every `.conf` and `.local` of the folder. Throws FolderUnreadable. */
  static async read(path: string, maxFiles = 5_000): Promise<ConfigurationFolder> {
    let folder: ConfigurationFolder;
    try {
      folder = new ConfigurationFolder(await realpath(path), maxFiles);
      await folder.readAll(await folder.list('', 0));
    } catch (cause) {
      if (cause instanceof FolderUnreadable) throw cause;
      // ENOENT, EACCES, ENOTDIR and their like.
      throw new FolderUnreadable(`The configuration folder ${path} cannot be read: ${reasonOf(cause)}`, { cause });
    }
    return folder;
  }

  get(path: string): FolderFile | undefined {
    return this.files.get(path);
  }

  paths(): Iterable<string> {
    return this.files.keys();
  }

  /** Whether `action.d` has a file of that name that ends in `.py`. */
  hasProgram(path: string): boolean {
    return this.programs.has(path);
  }

  /** Reads files that an include names, where they exist and were not read. Names must be confined already, see `confined`. */
  async readMore(paths: Iterable<string>): Promise<void> {
    await setImmediate();
    for (const path of paths) {
      if (!this.files.has(path)) this.keep(path, this.readLinked(path));
    }
  }

  /** A name as a path within the folder; `null` when it leads out of it. `base` is the folder's own path, for absolute names. */
  static confined(name: string, base: string): string | null {
    if (name.includes('\0')) return null;
    const inside = name.startsWith('/') ? posix.relative(base, name) : posix.normalize(name);
    return inside === '..' || inside.startsWith('../') || inside.startsWith('/') ? null : inside;
  }

  private async list(folder: string, depth: number): Promise<string[]> {
    const found: string[] = [];
    const entries = await readdir(join(this.root, folder), { withFileTypes: true });
    for (const entry of entries) {
      // As Python's glob, which fail2ban lists with.
      if (entry.name.startsWith('.')) continue;
      const path = posix.join(folder, entry.name);
      if (found.length > this.maxFiles) throw tooMany(this.maxFiles);
      if (entry.name.endsWith('.conf') || entry.name.endsWith('.local')) found.push(path);
      else if (entry.name.endsWith('.py')) this.programs.add(path);
      else if (entry.name.endsWith('.d') && depth < maxDepth) found.push(...(await this.listWithin(path, depth + 1)));
    }
    return found;
  }

  private async listWithin(path: string, depth: number): Promise<string[]> {
    try {
      this.resolve(path);
      return await this.list(path, depth);
    } catch (error) {
      if (error instanceof FolderUnreadable) throw error;
      if (codeOf(error) !== 'ENOTDIR') this.files.set(path, refused(path, reasonOf(error)));
      return [];
    }
  }

  private async readAll(paths: readonly string[]): Promise<void> {
    for (const [index, path] of paths.entries()) {
      if (index % filesAtOnce === 0) await setImmediate();
      this.keep(path, this.readOne(path));
    }
  }

  private keep(path: string, file: FolderFile | undefined): void {
    if (!file) return;
    this.bytes += file.bytes;
    this.files.set(path, file);
    if (this.files.size > this.maxFiles) throw tooMany(this.maxFiles);
    if (this.bytes > maxTotalBytes) {
      throw new FolderUnreadable(`The configuration folder has more than ${maxTotalBytes / 2 ** 20} MB.`);
    }
  }

  /** `undefined` when there is no such file, which fail2ban passes over in silence. */
  private readOne(path: string): FolderFile | undefined {
    try {
      return this.readFile(path, join(this.root, path));
    } catch (error) {
      if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined;
      if (codeOf(error) !== 'ELOOP') return refused(path, reasonOf(error));
    }
    return this.readLinked(path);
  }

  /** What a symbolic link leads to, or a name with links in it, is opened by its own name, and only within the folder. */
  private readLinked(path: string): FolderFile | undefined {
    try {
      return this.readFile(path, this.resolve(path));
    } catch (error) {
      return codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR' ? undefined : refused(path, reasonOf(error));
    }
  }

  private readFile(path: string, place: string): FolderFile {
    // Never waits for a writer of a pipe, never follows a last link.
    const file = openSync(place, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK);
    let bytes: number;
    let buffer: Buffer;
    try {
      const status = fstatSync(file);
      if (!status.isFile()) return refused(path, 'It is no plain file.');
      if (status.size > maxFileBytes) return refused(path, `It has more than ${maxFileBytes} bytes.`);
      buffer = Buffer.allocUnsafe(status.size + 1);
      bytes = readSync(file, buffer, 0, buffer.length, 0);
      if (bytes !== status.size) return refused(path, 'It is being written to.');
    } finally {
      closeSync(file);
    }
    try {
      return { path, bytes, text: EditableFile.decode(buffer.subarray(0, bytes)), problem: null };
    } catch (error) {
      if (!(error instanceof NotUtf8)) throw error;
      return { path, bytes, text: null, problem: 'It is not UTF-8; fail2ban passes over it.' };
    }
  }

  /** The place behind symbolic links. Throws when that is outside the folder. */
  private resolve(path: string): string {
    const place = realpathSync.native(join(this.root, path));
    if (place !== this.root && !place.startsWith(this.root + sep)) {
      throw new Error('It is a symbolic link that leads out of the configuration folder.');
    }
    return place;
  }
}

function tooMany(maxFiles: number): FolderUnreadable {
  return new FolderUnreadable(`The configuration folder has more than ${maxFiles} files.`);
}

function refused(path: string, problem: string): FolderFile {
  return { path, bytes: 0, text: null, problem };
}

function codeOf(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}

function reasonOf(error: unknown): string {
  const code = codeOf(error);
  if (code === 'EACCES' || code === 'EPERM') return 'Permission denied.';
  return error instanceof Error ? error.message : String(error);
}
