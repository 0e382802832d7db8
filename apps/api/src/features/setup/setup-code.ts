import { createHash, randomInt } from 'node:crypto';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { SetupCodeRepository } from './setup-code.repository.ts';

/** No letters that look like digits. */
const alphabet = 'ABCDEFGHJKLMNPQRSTVWXYZ23456789';

/** Three groups of four: about 59 bits. */
function randomCode(): string {
  const letters = Array.from({ length: 12 }, () => alphabet.charAt(randomInt(alphabet.length))).join('');
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-');
}

/** What people change when they copy a code: case, spaces, hyphens. */
const normalised = (code: string): string => code.replaceAll(/[\s-]/g, '').toUpperCase().slice(0, 64);

const hashOf = (code: string): string => createHash('sha256').update(normalised(code)).digest('hex');

/**
 * The one-time code that proves that whoever makes the first administrator can read this machine's log or disk. It
 * lives until there is one, and is a new one at each start. Each instance tells one of its own, and every instance takes
 * them all: a browser behind a proxy does not choose its instance.
 */
@Injectable()
export class SetupCode {
  constructor(
    private readonly codes: SetupCodeRepository,
    private readonly settings: Settings,
    private readonly log: Log,
  ) {}

  /** Where the code can be read, beside the database. */
  get file(): string {
    return join(dirname(resolve(this.settings.databasePath)), 'setup-code');
  }

  /** Makes a code and tells it to the log and to the file, which only our own user may read. */
  async create(): Promise<void> {
    const code = randomCode();
    await this.codes.add(hashOf(code));
    await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
    // Removed first: writing into an existing file would keep its permissions.
    await rm(this.file, { force: true });
    await writeFile(this.file, `${code}\n`, { mode: 0o600, flag: 'wx' });
    this.log.warn(logEvents.setupCodeCreated, { code, file: this.file });
  }

  /** Whether this is a code. What is compared are hashes, so the time it takes tells nothing. */
  async matches(code: string | undefined): Promise<boolean> {
    return code !== undefined && (await this.codes.has(hashOf(code)));
  }

  /** Nobody needs a code any more: there is an administrator. */
  async forget(): Promise<void> {
    await this.codes.removeAll();
    await this.removeFile();
  }

  /** Removes the file of this instance. */
  async removeFile(): Promise<void> {
    await rm(this.file, { force: true });
  }
}
