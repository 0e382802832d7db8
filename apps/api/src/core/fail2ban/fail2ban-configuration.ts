import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import {
  type ConfigurationProblem,
  type DryRun,
  dryRun,
  type Fail2banPrograms,
  type ProbeFinding,
  probeRegexes,
  type ProbeSubject,
  testConfiguration,
} from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Settings } from '../config/settings.ts';

/** Files looked at for a signature; more than any sane configuration has. */
const maxFiles = 20_000;

/** fail2ban's configuration folder, read with fail2ban's own programs. */
@Injectable()
export class Fail2banConfiguration {
  private readonly programs: Fail2banPrograms;
  readonly directory: string;

  constructor(settings: Settings) {
    this.programs = { client: settings.fail2banClient, python: settings.fail2banPython };
    this.directory = settings.fail2banConfigDir;
  }

  /**
   * What fail2ban would make of the folder, or of one jail in it. Rejects when a program is missing, fails or takes
   * over 20 s.
   * @param directory another folder than the configured one
   */
  dryRun(jail?: string, directory = this.directory): Promise<DryRun> {
    return dryRun(this.programs, directory, { jail });
  }

  /** What `fail2ban-client -t` finds wrong. Rejects like {@link dryRun}. */
  test(directory = this.directory): Promise<ConfigurationProblem[]> {
    return testConfiguration(this.programs, directory);
  }

  /** Regular expressions that a server must not get, see `probeRegexes`. Rejects like {@link dryRun}. */
  probe(directory: string, subjects: readonly ProbeSubject[]): Promise<ProbeFinding[]> {
    return probeRegexes(this.programs, directory, subjects);
  }

  /**
   * Changes when a file of the folder is added, removed, replaced or written.
   * @throws the file system's error when the folder cannot be read
   */
  async signature(): Promise<string> {
    const entries = await readdir(this.directory, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => !entry.isDirectory()).slice(0, maxFiles);
    const hash = createHash('sha256');
    const paths = files.map((entry) => join(entry.parentPath, entry.name)).sort();
    for (const path of paths) {
      // A file may go away between listing and looking; then the next signature differs anyway.
      const facts = await stat(path).catch(() => undefined);
      hash.update(`${path}\0${facts?.mtimeMs ?? ''}\0${facts?.size ?? ''}\0${facts?.ino ?? ''}\n`);
    }
    return hash.digest('hex');
  }
}
