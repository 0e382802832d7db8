import { Fail2banClient } from '@bangui/fail2ban';
import { type ConfigurationProblem, type ConfiguredJail, type DryRun } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { BansSnapshot } from '../bans/index.ts';
import { type ChangeOutcome, Fail2banWatcher } from '../server/index.ts';
import { ConfiguredJails, type TestedFolder } from './configured-jails.ts';
import { IdleJails } from './idle-jails.ts';
import { JailProver } from './jail-prover.ts';
import { JailsService } from './jails.service.ts';

/** What was read back of a jail. */
export interface LoadedJail {
  readonly state: string;
  readonly armed: string;
  /** Parts in which the server differs from the configuration. */
  readonly missing: readonly string[];
}

/** Jails by name, for audit and outcome. */
export type LoadedJails = Readonly<Record<string, LoadedJail>>;

/** How the loading of all jails ended. */
export interface AllLoaded extends ChangeOutcome {
  readonly outcome: {
    readonly armed: boolean;
    readonly jails: LoadedJails;
    /** Jails that a reload alone did not arm. */
    readonly restarted: readonly string[];
    /** Meant, but not in the server. */
    readonly missing: readonly string[];
    /** In the server, but not meant. */
    readonly unexpected: readonly string[];
  };
}

/** Parts without which a jail protects nothing: worth lifting and restoring its bans for. */
const restartable: ReadonlySet<string> = new Set(['failRegexes', 'logSource', 'actions', 'jail']);

/** Brings what the configuration means into the server, and reads back what the server then has. */
@Injectable()
export class JailLoading {
  constructor(
    private readonly client: Fail2banClient,
    private readonly server: Fail2banWatcher,
    private readonly configuration: ConfiguredJails,
    private readonly prover: JailProver,
    private readonly idleJails: IdleJails,
    private readonly jails: JailsService,
    private readonly bans: BansSnapshot,
  ) {}

  /**
   * Checks the whole configuration on disk with both of fail2ban's own means.
   * @param tested what was found out before about a folder; it stands when the one on disk has the same bytes
   * @throws {ConfigurationBroken} listing each fault; {@link ConfigurationUnreadable}
   */
  verify(tested?: TestedFolder): Promise<DryRun> {
    return this.configuration.verify(tested);
  }

  /** The commands that load one jail. @throws like {@link verify} */
  streamOf(jail: string): Promise<DryRun['stream']> {
    return this.configuration.streamOf(jail);
  }

  /**
   * Loads all jails and reads each one back.
   * @param stream of a dry run of the whole configuration without a problem
   * @param expected the jails that there should be afterwards
   * @param restart also stops and starts each jail: bans are lifted and restored
   */
  async loadAll(
    stream: DryRun['stream'],
    expected: readonly string[],
    { restart = false }: { readonly restart?: boolean } = {},
  ): Promise<AllLoaded> {
    const observed = await this.load(stream, expected, { restart });
    const missing = expected.filter((name) => !this.server.jails.has(name));
    const unexpected = [...this.server.jails.keys()].filter((name) => !expected.includes(name));
    return { ...observed, outcome: { ...observed.outcome, missing, unexpected } };
  }

  /**
   * Loads what the stream holds and reads it back; jails that were resting wake. A reload alone does not arm every jail:
   * fail2ban stops an action again that the reload has just added. A restart of that jail does it; its bans are lifted and
   * restored.
   */
  async load(
    stream: DryRun['stream'],
    names: readonly string[],
    options: { readonly jail?: string; readonly ifExists?: boolean; readonly restart?: boolean },
  ) {
    return this.observed(names, async () => {
      await this.client.reload(stream, options);
      // Loading a jail again wakes it.
      for (const name of names) await this.idleJails.set(name, false);
      await this.readBack(names);
      const restarted = names.filter((name) => this.prover.armed(name).missing.some((part) => restartable.has(part)));
      for (const name of restarted) {
        const alone = await this.configuration.streamOf(name);
        await this.client.reload(alone, { jail: name, ifExists: true, restart: true });
      }
      if (restarted.length > 0) await this.readBack(restarted);
      return { restarted };
    });
  }

  /**
   * Does something to these jails that ends with a look at what the server has of them.
   * @param work gives what else there is to say about the outcome
   */
  async observed<Details extends object>(names: readonly string[], work: () => Promise<Details>) {
    const before = { jails: this.states(names), bans: this.banCount(names) };
    const details = await work();
    this.jails.tell(names);
    const states = this.states(names);
    const isArmed = names.every((name) => states[name]?.armed === 'armed');
    return { outcome: { armed: isArmed, jails: states, ...details }, before, after: { jails: states } };
  }

  /** Asks the server for its jails, and for everything of these. */
  async readBack(names: readonly string[]): Promise<void> {
    await this.server.refresh();
    await this.prover.proveThese(names.filter((name) => this.server.jails.has(name)));
  }

  /** What the last dry run found wrong with the configuration. */
  get problems(): readonly ConfigurationProblem[] {
    return this.configuration.state.problems;
  }

  /** A jail as the configuration was last read; undefined when that did not enable it, or has a fault there. */
  configured(name: string): ConfiguredJail | undefined {
    return this.configuration.state.jails.get(name);
  }

  /** What is known of these jails now. */
  states(names: readonly string[]): LoadedJails {
    return Object.fromEntries(
      names.map((name) => {
        const { status, missing } = this.prover.armed(name);
        const state = this.server.jails.has(name) ? (this.idleJails.has(name) ? 'idle' : 'running') : 'stopped';
        return [name, { state, armed: status, missing }];
      }),
    );
  }

  private banCount(names: readonly string[]): number {
    return names.reduce((sum, name) => sum + this.bans.ofJail(name).size, 0);
  }
}
