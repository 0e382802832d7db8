import { randomInt, timingSafeEqual } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';

/** No letters that look like digits. */
const alphabet = 'ABCDEFGHJKLMNPQRSTVWXYZ23456789';

/** Three groups of four: about 59 bits. */
function randomCode(): string {
  const letters = Array.from({ length: 12 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** What people change when they copy a code: case, spaces, hyphens. */
const normalised = (code: string): Buffer =>
  Buffer.from(code.replaceAll(/[\s-]/g, '').toUpperCase().slice(0, 64).padEnd(64), 'utf8');

/**
 * The one-time code that proves that whoever makes the first administrator can read this machine's log or disk. It
 * lives until there is one, and is a new one at each start.
 */
@Injectable()
export class SetupCode {
  private code: string | undefined;

  constructor(
    private readonly settings: Settings,
    private readonly log: Log,
  ) {}

  /** Where the code can be read, beside the database. */
  get file(): string {
    return join(dirname(resolve(this.settings.databasePath)), 'setup-code');
  }

  /** Makes a code and tells it to the log and to the file, which only our own user may read. */
  async create(): Promise<void> {
    this.code = randomCode();
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    // Removed first: writing into an existing file would keep its permissions.
    await rm(this.file, { force: true });
    await writeFile(this.file, `${this.code}\n`, { mode: 0o600, flag: 'wx' });
    this.log.warn(logEvents.setupCodeCreated, { code: this.code, file: this.file });
  }

  /** Whether this is the code. Takes the same time for every answer. */
  matches(code: string | undefined): boolean {
    const isEqual = timingSafeEqual(normalised(code ?? ''), normalised(this.code ?? ''));
    return isEqual && this.code !== undefined;
  }

  /** Nobody needs it any more. */
  async forget(): Promise<void> {
    this.code = undefined;
    await rm(this.file, { force: true });
  }
}
