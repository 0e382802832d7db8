import { Fail2banClient } from '@bangui/fail2ban';
import { type DryRun } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { type Operation } from '../../core/operations/index.ts';
import { BansSnapshot } from '../bans/index.ts';
import { type ChangeOutcome, Fail2banWatcher, JailUnknown, ServerChanges } from '../server/index.ts';
import { ConfiguredJails } from './configured-jails.ts';
import { IdleJails } from './idle-jails.ts';
import { JailProver } from './jail-prover.ts';
import { JailNotConfigured } from './jails.errors.ts';
import { JailsService } from './jails.service.ts';

/** Jails by name with the state in which they are, for audit and outcome. */
type States = Record<string, { state: string; armed: string; missing: string[] }>;

/** Parts without which a jail protects nothing: worth lifting and restoring its bans for. */
const restartable: ReadonlySet<string> = new Set(['failRegexes', 'logSource', 'actions', 'jail']);

/**
 * Starts, stops and reloads jails. What is loaded comes from the configuration and from nowhere else, and only after
 * both of fail2ban's own checks found nothing wrong: one fault in one jail would disarm them all.
 */
@Injectable()
export class JailSteering {
  constructor(
    private readonly client: Fail2banClient,
    private readonly server: Fail2banWatcher,
    private readonly configuration: ConfiguredJails,
    private readonly prover: JailProver,
    private readonly idleJails: IdleJails,
    private readonly jails: JailsService,
    private readonly bans: BansSnapshot,
    private readonly changes: ServerChanges,
  ) {}

  /** Wakes an idle jail, loads one that the server does not have, leaves a running one alone. */
  start(name: string, requester: Requester): Promise<Operation> {
    return this.changes.operate({
      kind: 'start',
      action: 'jail.start',
      subject: name,
      requester,
      check: async () => {
        const live = await this.lookUp(name);
        return live ? undefined : this.streamFor(name);
      },
      work: (stream) =>
        this.observed([name], async () => {
          if (stream) await this.client.reload(stream, { jail: name, ifExists: true });
          else await this.client.setIdle(name, false);
          await this.idleJails.set(name, false);
          return {};
        }),
    });
  }

  /** Stops a jail; its bans end and it is gone from the server until it is started or everything is reloaded. */
  stop(name: string, requester: Requester): Promise<Operation> {
    return this.changes.operate({
      kind: 'stop',
      action: 'jail.stop',
      subject: name,
      requester,
      check: async () => {
        await this.server.refresh();
        this.server.requireJail(name);
      },
      work: () =>
        this.observed([name], async () => {
          await this.client.stopJail(name);
          return {};
        }),
    });
  }

  /** Makes a jail read no more of its log; its bans stay. */
  idle(name: string, requester: Requester): Promise<Operation> {
    return this.changes.operate({
      kind: 'idle',
      action: 'jail.idle',
      subject: name,
      requester,
      check: async () => {
        await this.server.refresh();
        this.server.requireJail(name);
      },
      work: () =>
        this.observed([name], async () => {
          await this.client.setIdle(name, true);
          await this.idleJails.set(name, true);
          return {};
        }),
    });
  }

  /** Loads one jail, or all of them, from the configuration. */
  reload(name: string | undefined, requester: Requester): Promise<Operation> {
    return this.changes.operate({
      kind: 'reload',
      action: name === undefined ? 'server.reload' : 'jail.reload',
      subject: name ?? null,
      requester,
      check: async () => {
        if (name !== undefined) {
          await this.lookUp(name);
          return { stream: await this.streamFor(name), expected: [name] };
        }
        this.server.requireOnline();
        const { stream, jails } = await this.configuration.verify();
        return { stream, expected: jails.map((jail) => jail.name) };
      },
      work: ({ stream, expected }) =>
        this.observed(
          expected,
          async () => {
            await this.client.reload(stream, name === undefined ? {} : { jail: name, ifExists: true });
            // Loading a jail again wakes it.
            for (const jail of expected) await this.idleJails.set(jail, false);
            return { restarted: await this.restartUnarmed(expected) };
          },
          { isComplete: name === undefined },
        ),
    });
  }

  /** Reads a jail back and compares it with the configuration. Changes nothing, so it leaves no audit entry. */
  prove(name: string): Promise<Operation> {
    return this.changes.observe({
      kind: 'prove',
      subject: name,
      work: async () => {
        const live = await this.lookUp(name);
        if (live) await this.prover.prove(name);
        const parts = live ? this.prover.finding(name)?.proof?.parts : undefined;
        return { ...this.states([name])[name], ...(parts && { parts }) };
      },
    });
  }

  /** Looks whether the server has it now. @throws {JailUnknown} when the configuration does not have it either */
  private async lookUp(name: string): Promise<boolean> {
    await this.server.refresh();
    this.server.requireOnline();
    if (this.server.jails.has(name)) return true;
    await this.configuration.refresh();
    if (!this.configuration.state.jails.has(name)) {
      const isFaulty = this.configuration.state.problems.length > 0 || this.configuration.state.unreadable !== null;
      // What cannot be read may well hold this jail: the check that follows says what is wrong with it.
      if (!isFaulty) throw new JailUnknown(name);
    }
    return false;
  }

  private async streamFor(name: string): Promise<DryRun['stream']> {
    const { jails } = await this.configuration.verify();
    if (!jails.some((jail) => jail.name === name)) {
      throw this.server.jails.has(name) ? new JailNotConfigured(name) : new JailUnknown(name);
    }
    return this.configuration.streamOf(name);
  }

  /**
   * A reload alone does not arm every jail: fail2ban stops an action again that the reload has just added. A restart of
   * that jail does it; its bans are lifted and restored.
   * @returns the jails that were restarted
   */
  private async restartUnarmed(names: readonly string[]): Promise<string[]> {
    await this.readBack(names);
    const unarmed = names.filter((name) => this.prover.armed(name).missing.some((part) => restartable.has(part)));
    for (const name of unarmed) {
      const stream = await this.configuration.streamOf(name);
      await this.client.reload(stream, { jail: name, ifExists: true, restart: true });
    }
    return unarmed;
  }

  private async readBack(names: readonly string[]): Promise<void> {
    await this.server.refresh();
    for (const name of names) if (this.server.jails.has(name)) await this.prover.prove(name);
  }

  /**
   * Does it, then reads back what the server has and says what is different from what was meant.
   * @param work gives what else there is to say about the outcome
   */
  private async observed(
    names: readonly string[],
    work: () => Promise<Record<string, unknown>>,
    { isComplete = false } = {},
  ): Promise<ChangeOutcome> {
    const before = { jails: this.states(names), bans: this.banCount(names) };
    const details = await work();
    await this.readBack(names);
    this.jails.tell(names);
    const states = this.states(names);
    const missing = names.filter((name) => !this.server.jails.has(name));
    const unexpected = isComplete ? [...this.server.jails.keys()].filter((name) => !names.includes(name)) : [];
    const isArmed = names.every((name) => states[name]?.armed === 'armed');
    return {
      outcome: {
        armed: isArmed,
        jails: states,
        ...details,
        ...(isComplete && { missing, unexpected }),
      },
      before,
      after: { jails: states },
    };
  }

  private states(names: readonly string[]): States {
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
