import { Injectable } from '@nestjs/common';
import { JailLoading, type LoadedJails, type TestedFolder } from '../../jails/index.ts';
import { Fail2banWatcher } from '../../server/index.ts';

/** What fail2ban has after it loaded the configuration. */
export interface Applied {
  /** Whether every jail is armed. */
  readonly armed: boolean;
  readonly jails: LoadedJails;
  /** Jails that a reload alone did not arm. */
  readonly restarted: readonly string[];
}

/** How it is loaded. */
export interface LoadOptions {
  /** Also stops and starts each jail. */
  readonly restart?: boolean;
  /** What the checks found out about the folder as it should be now. */
  readonly tested?: TestedFolder | undefined;
}

/** fail2ban does not have what the configuration means. */
export class NotApplied extends Error {}

/** Brings the configuration on disk into fail2ban and holds what it then has against what is meant. */
@Injectable()
export class AppliedConfiguration {
  constructor(
    private readonly loading: JailLoading,
    private readonly server: Fail2banWatcher,
  ) {}

  /** Every jail that fail2ban has, as it was last read back. */
  states(): LoadedJails {
    return this.loading.states([...this.server.jails.keys()]);
  }

  /**
   * Loads all jails from disk.
   * @param before a jail that was not armed then need not be armed now; without it nothing is held against anything
   * @throws {NotApplied} naming the jails that are not as they are meant; `ConfigurationBroken`; what the client throws, and
   * the same at once while fail2ban is known to be away
   */
  async load(before: LoadedJails | undefined, { restart = false, tested }: LoadOptions = {}): Promise<Applied> {
    this.server.requireOnline();
    const { stream, jails } = await this.loading.verify(tested);
    const expected = jails.map(({ name }) => name);
    const { outcome } = await this.loading.loadAll(stream, expected, { restart });
    if (outcome.missing.length > 0) throw new NotApplied(`fail2ban does not have ${list(outcome.missing)}.`);
    if (outcome.unexpected.length > 0) throw new NotApplied(`fail2ban still has ${list(outcome.unexpected)}.`);
    const wasUnarmed = (name: string): boolean => before?.[name] !== undefined && before[name].armed !== 'armed';
    const unarmed = expected.filter((name) => outcome.jails[name]?.armed !== 'armed' && !wasUnarmed(name));
    if (before && unarmed.length > 0) {
      const parts = unarmed.map((name) => `${name} (${outcome.jails[name]?.missing.join(', ') ?? ''})`);
      throw new NotApplied(`read back, these jails are not as they are meant: ${list(parts)}.`);
    }
    const { armed, jails: states, restarted } = outcome;
    return { armed, jails: states, restarted };
  }
}

function list(names: readonly string[]): string {
  const shown = names.slice(0, 10).join(', ');
  return names.length > 10 ? `${shown} and ${names.length - 10} more` : shown;
}
