import { Fail2banClient } from '@bangui/fail2ban';
import { type DryRun } from '@bangui/fail2ban-config';
import { Injectable } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { type Operation } from '../../core/operations/index.ts';
import { Fail2banWatcher, JailUnknown, ServerChanges } from '../server/index.ts';
import { ConfiguredJails } from './configured-jails.ts';
import { IdleJails } from './idle-jails.ts';
import { JailLoading } from './jail-loading.ts';
import { JailProver } from './jail-prover.ts';
import { JailNotConfigured } from './jails.errors.ts';

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
    private readonly loading: JailLoading,
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
        this.loading.observed([name], async () => {
          if (stream) await this.client.reload(stream, { jail: name, ifExists: true });
          else await this.client.setIdle(name, false);
          await this.idleJails.set(name, false);
          await this.loading.readBack([name]);
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
        this.loading.observed([name], async () => {
          await this.client.stopJail(name);
          await this.loading.readBack([name]);
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
        this.loading.observed([name], async () => {
          await this.client.setIdle(name, true);
          await this.idleJails.set(name, true);
          await this.loading.readBack([name]);
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
        name === undefined
          ? this.loading.loadAll(stream, expected)
          : this.loading.load(stream, expected, { jail: name, ifExists: true }),
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
        return { ...this.loading.states([name])[name], ...(parts && { parts }) };
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
}
