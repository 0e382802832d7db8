import { globSync } from 'node:fs';
import { mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Debian puts it below the folder of the machine's architecture. */
const libraryPattern = '/usr/lib/*/faketime/libfaketimeMT.so.1';

/** What to do when there is no libfaketime. */
export const faketimeMissing = 'libfaketime is not installed: apt-get install --no-install-recommends libfaketime';

/** A wall clock of chosen processes, native code included, that a test sets while they run. Their monotonic time goes on. */
export class SteppedClock {
  private constructor(
    private readonly dir: string,
    /** For the environment of the processes that are to go by it. */
    readonly env: Readonly<Record<string, string>>,
  ) {}

  /** Makes one that shows the right time. Rejects with what to install when there is no libfaketime. */
  static async make(): Promise<SteppedClock> {
    const [library] = globSync(libraryPattern);
    if (library === undefined) throw new Error(faketimeMissing);
    const dir = await mkdtemp(join(tmpdir(), 'bangui-clock-'));
    const clock = new SteppedClock(dir, {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: join(dir, 'setting'),
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
      // Seconds for which a process goes by the setting before.
      FAKETIME_CACHE_DURATION: '1',
    });
    await clock.set('+0');
    return clock;
  }

  /** So many milliseconds away from the right time. */
  async step(ms: number): Promise<void> {
    await this.set(`${ms < 0 ? '' : '+'}${ms / 1_000}`);
  }

  async remove(): Promise<void> {
    await rm(this.dir, { recursive: true, force: true });
  }

  private async set(text: string): Promise<void> {
    // Whoever reads sees the old or the new setting, never half of one.
    await writeFile(join(this.dir, 'next'), `${text}\n`);
    await rename(join(this.dir, 'next'), join(this.dir, 'setting'));
  }
}
