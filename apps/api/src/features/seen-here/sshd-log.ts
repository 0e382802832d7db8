import { constants } from 'node:fs';
import { type FileHandle, open, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { pipeline, type Readable } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { type AcceptedLine, longestLine, parseAcceptedLine } from './sshd-line.ts';

/** How far the log could be read. */
export type SshdLogState = 'read' | 'partly' | 'missing' | 'unreadable';

/** The sign-ins that sshd accepted. */
export interface SshdLog {
  /** `partly`: the newest lines, up to what may be read at once. */
  readonly state: SshdLogState;
  readonly lines: readonly AcceptedLine[];
}

/** What is read of it at most. */
export interface SshdLogLimits {
  /** Bytes after decompression. */
  readonly bytes: number;
  /** Milliseconds. */
  readonly time: number;
  /** Accepted sign-ins. */
  readonly lines: number;
}

/** Far more than a month of a busy server; a second of one core. */
export const usualLimits: SshdLogLimits = { bytes: 256 * 1024 * 1024, time: 2_500, lines: 100_000 };
/** Files beside each other: a year of weeks. */
const maxFiles = 60;
/** Names in the folder that are looked at. */
const maxNames = 10_000;
/** `auth.log.1`, `auth.log.2.gz`, `secure-20261120`: as logrotate names them. */
const rotated = /^(?:\.\d{1,4}|-\d{8,10})(?:\.gz)?$/;
/** Looked for as bytes: nearly no line of a log is worth being made a text. */
const marker = Buffer.from(']: Accepted ');
const newline = 0x0a;

/** Reads what sshd accepted since then from its log and the rotated files beside it, newest file first. Never rejects. */
export async function readSshdLog(path: string, since: number, limits = usualLimits): Promise<SshdLog> {
  const reading = new Reading(since, limits);
  try {
    await reading.readAll(path);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return { state: code === 'ENOENT' || code === 'ENOTDIR' ? 'missing' : 'unreadable', lines: [] };
  }
  return { state: reading.isCut ? 'partly' : 'read', lines: reading.lines };
}

interface OpenFile {
  readonly handle: FileHandle;
  readonly isPacked: boolean;
  readonly size: number;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
}

/** One reading of a log and its rotated files. */
class Reading {
  readonly lines: AcceptedLine[] = [];
  /** Whether something was left out. */
  isCut = false;
  private left: number;
  private readonly endsAt: number;
  private readonly since: number;
  private readonly maxLines: number;

  constructor(since: number, { bytes, time, lines }: SshdLogLimits) {
    this.since = since;
    this.left = bytes;
    this.maxLines = lines;
    this.endsAt = performance.now() + time;
  }

  /** Rejects with the system's error when the log itself cannot be read. */
  async readAll(path: string): Promise<void> {
    const files = [await openRegular(path), ...(await this.rotatedBeside(path))];
    files.sort((one, other) => other.modifiedAt - one.modifiedAt);
    try {
      for (const file of files) if (!this.isFull()) await this.readOne(file);
    } finally {
      await Promise.all(files.map(({ handle }) => handle.close()));
    }
  }

  private async rotatedBeside(path: string): Promise<OpenFile[]> {
    const [folder, name] = [dirname(path), basename(path)];
    const beside = (await readdir(folder))
      .slice(0, maxNames)
      .filter((other) => other.startsWith(name) && rotated.test(other.slice(name.length)));
    const files: OpenFile[] = [];
    for (const other of beside.slice(0, maxFiles)) {
      try {
        files.push(await openRegular(join(folder, other)));
      } catch {
        // Rotated away in between, or not ours to read: what it held is missing.
        this.isCut = true;
      }
    }
    return files;
  }

  private async readOne({ handle, isPacked, size, modifiedAt }: OpenFile): Promise<void> {
    if (modifiedAt < this.since) return;
    // Of a log that is too long the end is the newest; a packed one can only be read from its start.
    const start = isPacked ? 0 : Math.max(0, size - this.left);
    if (start > 0) this.isCut = true;
    const raw = handle.createReadStream({ autoClose: false, start, highWaterMark: 256 * 1024 });
    // A packed file that was damaged ends what is read of it.
    const content: Readable = isPacked ? pipeline(raw, createGunzip(), () => undefined) : raw;
    try {
      await this.readLines(content, modifiedAt);
    } catch {
      this.isCut = true;
    } finally {
      content.destroy();
      raw.destroy();
    }
  }

  private async readLines(content: AsyncIterable<Buffer>, modifiedAt: number): Promise<void> {
    let rest: Buffer = Buffer.alloc(0);
    for await (const chunk of content) {
      this.left -= chunk.length;
      const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
      const end = bytes.lastIndexOf(newline) + 1;
      this.take(bytes.subarray(0, end), modifiedAt);
      // A line that is longer than any of sshd's is not kept until it ends; what comes of it later does not begin as one does.
      rest = bytes.length - end > longestLine ? Buffer.from('-') : Buffer.from(bytes.subarray(end));
      if (this.isFull()) return;
    }
    this.take(rest, modifiedAt);
  }

  private take(bytes: Buffer, modifiedAt: number): void {
    for (let found = bytes.indexOf(marker); found >= 0;) {
      const start = bytes.lastIndexOf(newline, found) + 1;
      const next = bytes.indexOf(newline, found);
      const end = next < 0 ? bytes.length : next;
      // Bytes and characters are the same here: whatever is not ASCII cannot be part of such a line.
      const line = end - start > longestLine ? undefined : bytes.toString('latin1', start, end);
      const accepted = line === undefined ? undefined : parseAcceptedLine(line, modifiedAt);
      if (accepted && accepted.at >= this.since) this.lines.push(accepted);
      if (this.lines.length >= this.maxLines) return;
      found = bytes.indexOf(marker, end);
    }
  }

  private isFull(): boolean {
    const isFull = this.left <= 0 || this.lines.length >= this.maxLines || performance.now() > this.endsAt;
    if (isFull) this.isCut = true;
    return isFull;
  }
}

/** Opens a file without waiting for the other end of a pipe that somebody has put there. Rejects unless it is a regular file. */
async function openRegular(path: string): Promise<OpenFile> {
  const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const state = await handle.stat();
    if (!state.isFile()) throw new Error(`${path} is no regular file.`);
    return { handle, isPacked: path.endsWith('.gz'), size: state.size, modifiedAt: state.mtimeMs };
  } catch (error) {
    await handle.close();
    throw error;
  }
}
