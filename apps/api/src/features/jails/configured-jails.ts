import { isJailName } from '@bangui/fail2ban';
import { type ConfigurationProblem, type ConfiguredJail, type DryRun } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Fail2banConfiguration, folderDigest } from '../../core/fail2ban/index.ts';
import { ConfigurationBroken, ConfigurationUnreadable, wordsOf } from './jails.errors.ts';

/** The dry run is done again after this time even if no file changed: log files may have appeared. In milliseconds. */
const maxAgeMs = 600_000;

/** What the configuration means, as far as it is known. */
export interface ConfigurationState {
  /** Jails that would run, by name. */
  readonly jails: ReadonlyMap<string, ConfiguredJail>;
  /** What is wrong with it; jails named here are not in `jails` or not complete. */
  readonly problems: readonly ConfigurationProblem[];
  /** Every jail that it enables, also those that would not run because something is wrong. */
  readonly names: ReadonlySet<string>;
  /** Why it could not be read at all, in words; null when it could. */
  readonly unreadable: string | null;
  /** False until the first reading has ended, well or not. */
  readonly wasRead: boolean;
}

/** A folder that both of fail2ban's own means found nothing wrong with. */
export interface TestedFolder {
  /** See `folderDigest`. */
  readonly digest: string;
  /** As if it had been of the folder that fail2ban reads. */
  readonly run: DryRun;
}

/** The jails that the configuration enables, by a dry run that is repeated only when a file changed. */
@Injectable()
export class ConfiguredJails {
  private current: ConfigurationState = {
    jails: new Map(),
    problems: [],
    names: new Set(),
    unreadable: 'The configuration was not read yet.',
    wasRead: false,
  };
  private signature: string | undefined;
  private readAt = 0;
  /** One reading at a time; whoever asks meanwhile gets the same one. */
  private reading: Promise<boolean> | undefined;

  constructor(
    private readonly configuration: Fail2banConfiguration,
    private readonly clock: Clock,
  ) {}

  /** What is known now. */
  get state(): ConfigurationState {
    return this.current;
  }

  /** Reads again if a file changed or the last reading is over 10 minutes old. Resolves to whether it did. */
  refresh(): Promise<boolean> {
    this.reading ??= this.read().finally(() => {
      this.reading = undefined;
    });
    return this.reading;
  }

  /**
   * Checks the whole configuration now, with both of fail2ban's own means.
   * @param tested what was found out before about a folder; it stands when this one has the same bytes
   * @throws {ConfigurationBroken} listing each fault
   * @throws {ConfigurationUnreadable}
   */
  async verify(tested?: TestedFolder): Promise<DryRun> {
    if (tested) {
      // Before the comparison: whoever writes after it changes the next signature.
      const signature = await this.orUnreadable(() => this.configuration.signature());
      if (await this.isSame(tested)) {
        this.take(tested.run, signature);
        return tested.run;
      }
    }
    const [signature, problems, dryRun] = await this.orUnreadable(() =>
      Promise.all([this.configuration.signature(), this.configuration.test(), this.configuration.dryRun()]),
    );
    this.take(dryRun, signature);
    const all = [
      ...dryRun.problems,
      ...problems.filter(({ jail }) => !dryRun.problems.some((one) => one.jail === jail)),
    ];
    if (all.length > 0) throw new ConfigurationBroken(all);
    return dryRun;
  }

  /** The commands that load one jail. @throws like {@link verify} */
  async streamOf(jail: string): Promise<DryRun['stream']> {
    const { problems, stream } = await this.orUnreadable(() => this.configuration.dryRun(jail));
    if (problems.length > 0) throw new ConfigurationBroken(problems);
    return stream;
  }

  private async isSame({ digest }: TestedFolder): Promise<boolean> {
    // Where it cannot be told, both programs are asked again.
    return (await folderDigest(this.configuration.directory).catch(() => undefined)) === digest;
  }

  private async orUnreadable<T>(read: () => Promise<T>): Promise<T> {
    try {
      return await read();
    } catch (error) {
      // A program or a file is missing, or a program fails: none of it is the caller's fault.
      throw new ConfigurationUnreadable(error);
    }
  }

  private async read(): Promise<boolean> {
    try {
      const signature = await this.configuration.signature();
      const isFresh = this.clock.monotonic() - this.readAt < maxAgeMs;
      if (signature === this.signature && isFresh) return false;
      this.take(await this.configuration.dryRun(), signature);
    } catch (error) {
      // Shown with each jail as the reason why nothing is proven.
      this.current = { jails: new Map(), problems: [], names: new Set(), unreadable: wordsOf(error), wasRead: true };
      this.signature = undefined;
    }
    return true;
  }

  private take({ jails, problems }: DryRun, signature: string): void {
    const byName = new Map(jails.map((jail) => [jail.name, jail]));
    const faulty = problems.flatMap(({ jail }) => (isJailName(jail) ? [jail] : []));
    const names = new Set([...byName.keys(), ...faulty]);
    this.current = { jails: byName, problems, names, unreadable: null, wasRead: true };
    this.signature = signature;
    this.readAt = this.clock.monotonic();
  }
}
