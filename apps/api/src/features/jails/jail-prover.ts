import { type CallOptions } from '@bangui/fail2ban';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { defineEvent, EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { Allowlist } from '../allowlist/index.ts';
import { Fail2banWatcher, jailsCounted, serverChanged } from '../server/index.ts';
import { type Armed, type ArmedCode, type JailPart, type JailProof } from './jails.dto.ts';
import { ConfiguredJails } from './configured-jails.ts';
import { IdleJails } from './idle-jails.ts';
import { proveJail } from './jail-proof.ts';
import { type LiveJail, LiveJails } from './live-jail.ts';

/** Whether jails are armed was found out again; these have another result. */
export const jailsProven = defineEvent<readonly string[]>('jails-proven');

/** Jails are read back at the latest after this time, in milliseconds. */
const proveEveryMs = 60_000;
/** The configuration's files are looked at this often, in milliseconds. */
const lookEveryMs = 5_000;
/** Limit for one question to fail2ban, in milliseconds: short, so that a hung server is noticed in time. */
const questionMs = 2_500;

/** What was found out about a jail. */
interface Finding {
  readonly live: LiveJail;
  /** Undefined when the configuration does not have the jail. */
  readonly proof: JailProof | undefined;
  readonly checkedAt: number;
}

/** Why a jail is not armed, or why that is not known. */
type ArmedReason = Pick<Armed, 'reason' | 'reasonCode' | 'reasonParams'>;

const noReason: ArmedReason = { reason: null, reasonCode: null, reasonParams: null };

/** @param detail words of fail2ban or of the system in it */
function because(reasonCode: ArmedCode, reason: string, detail?: string): ArmedReason {
  return { reason, reasonCode, reasonParams: detail === undefined ? null : { detail } };
}

/** Proves for each jail that the server has what the configuration means. */
@Injectable()
export class JailProver implements OnModuleInit, BeforeApplicationShutdown {
  private readonly findings = new Map<string, Finding>();
  private provenAllAt = Number.NEGATIVE_INFINITY;
  private timer: NodeJS.Timeout | undefined;
  private isStopped = false;
  private proving: Promise<void> | undefined;

  constructor(
    private readonly jails: LiveJails,
    private readonly configuration: ConfiguredJails,
    private readonly server: Fail2banWatcher,
    private readonly idle: IdleJails,
    private readonly allowlist: Allowlist,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.events.on(jailsCounted, ({ isNewGeneration, changed, gone }) => {
      for (const name of gone) this.findings.delete(name);
      const hasNew = [...changed.keys()].some((name) => !this.findings.has(name));
      if (isNewGeneration || hasNew) this.soon();
    });
    this.events.on(serverChanged, ({ isOnline }) => {
      if (isOnline) this.soon();
    });
    // Also without a server: jails of the configuration are listed as stopped.
    this.soon();
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopped = true;
    clearTimeout(this.timer);
    await this.proving;
  }

  /** What was last read back and compared; undefined before the first time. */
  finding(name: string): Finding | undefined {
    return this.findings.get(name);
  }

  /** Whether a jail is armed, as far as it is known. */
  armed(name: string): Armed {
    const finding = this.findings.get(name);
    const checkedAt = finding?.checkedAt ?? null;
    const unknown = (why: ArmedReason): Armed => ({ status: 'unknown', missing: [], ...why, checkedAt });
    const { isOnline, reason, reasonCode, reasonParams } = this.server.state;
    if (!isOnline) return unknown({ reason, reasonCode, reasonParams });
    const { unreadable, problems, wasRead } = this.configuration.state;
    const found = problems.find(({ jail }) => jail === name) ?? problems.find(({ jail }) => jail === null);
    const fault =
      found && because('configuration-fault', `The configuration has a fault: ${found.message}`, found.message);
    if (!this.server.jails.has(name)) {
      const why = fault ?? because('jail-missing', 'fail2ban does not have this jail.');
      return { status: 'not-armed', missing: ['jail'], ...why, checkedAt };
    }
    if (unreadable !== null) {
      if (!wasRead) return unknown(because('configuration-not-read', unreadable));
      return unknown(because('configuration-unreadable', unreadable, unreadable));
    }
    if (fault) return unknown(fault);
    if (!finding) return unknown(because('not-read-back', 'The jail was not read back yet.'));
    if (!finding.proof) return unknown(because('not-configured', 'The configuration does not enable this jail.'));
    const missing: string[] = finding.proof.parts.filter(({ equal }) => !equal).map(({ part }) => part);
    if (this.idle.has(name)) missing.push('idle');
    if (missing.length === 0) return { status: 'armed', missing, ...noReason, checkedAt };
    return { status: 'not-armed', missing, ...differenceOf(missing), checkedAt };
  }

  /**
   * Reads one jail back now and compares it with the configuration as it is on disk now.
   * @throws what the client throws
   */
  prove(name: string, options?: CallOptions): Promise<void> {
    return this.proveThese([name], options);
  }

  /** The same for several. */
  async proveThese(names: readonly string[], options: CallOptions = { timeoutMs: questionMs }): Promise<void> {
    await this.configuration.refresh();
    const differing: string[] = [];
    for (const name of names) {
      const before = JSON.stringify(this.armed(name));
      await this.readBack(name, options);
      if (JSON.stringify(this.armed(name)) !== before) differing.push(name);
    }
    if (differing.length > 0) this.events.emit(jailsProven, differing);
  }

  /** Reads all jails back now. Failures are kept for the next time. */
  async proveAll(): Promise<void> {
    const names = [...this.server.jails.keys()];
    const before = new Map(names.map((name) => [name, this.armed(name).status]));
    this.provenAllAt = this.clock.monotonic();
    for (const name of names) {
      if (this.isStopped || !this.server.state.isOnline) return;
      try {
        await this.readBack(name, { timeoutMs: questionMs });
      } catch (error) {
        // The jail went away or the server did; the next poll tells, and then it is proven anew.
        this.server.report(error);
        this.provenAllAt = Number.NEGATIVE_INFINITY;
      }
    }
    this.events.emit(jailsProven, names);
    for (const name of names) {
      const { status, missing, reason } = this.armed(name);
      if (status !== before.get(name) && status === 'not-armed') {
        this.log.warn(logEvents.jailNotArmed, { jail: name, missing: missing.join(', '), reason });
      }
    }
  }

  private async readBack(name: string, options: CallOptions): Promise<void> {
    const startedAt = this.clock.monotonic();
    const live = await this.jails.read(name, options);
    const configured = this.configuration.state.jails.get(name);
    const provenAt = this.clock.now();
    const tookMs = Math.ceil(this.clock.monotonic() - startedAt);
    const isPushed = (address: string): boolean => this.allowlist.isExpectedInJails(address);
    const proof = configured && { tookMs, provenAt, parts: proveJail(configured, live, isPushed) };
    this.findings.set(name, { live, proof, checkedAt: provenAt });
  }

  /** Looks at the configuration and proves all as soon as nothing else is being proven. */
  private soon(): void {
    this.provenAllAt = Number.NEGATIVE_INFINITY;
    if (!this.proving) this.schedule(0);
  }

  private schedule(delayMs: number): void {
    clearTimeout(this.timer);
    if (this.isStopped) return;
    this.timer = setTimeout(() => {
      this.proving = this.look().finally(() => {
        this.proving = undefined;
        const isWanted = this.provenAllAt === Number.NEGATIVE_INFINITY && this.server.state.isOnline;
        this.schedule(isWanted ? 250 : lookEveryMs);
      });
    }, delayMs);
  }

  private async look(): Promise<void> {
    const known = this.configuration.state.names;
    const hasChanged = await this.configuration.refresh();
    const isDue = this.clock.monotonic() - this.provenAllAt >= proveEveryMs;
    if (hasChanged) this.events.emit(jailsProven, [...new Set([...known, ...this.configuration.state.names])]);
    if (this.server.state.isOnline && (hasChanged || isDue)) await this.proveAll();
  }
}

const partNames: Readonly<Record<JailPart, string>> = {
  failRegexes: 'the regexes of its filter',
  ignoreRegexes: 'the regexes of lines to ignore',
  logSource: 'its log source',
  actions: 'its actions',
  ignoreList: 'its ignore list',
  parameters: 'its parameters',
};

function differenceOf(missing: readonly string[]): ArmedReason {
  const parts = Object.entries(partNames).flatMap(([part, words]) => (missing.includes(part) ? [words] : []));
  const sentences = missing.includes('idle') ? ['The jail is idle: it reads no log.'] : [];
  if (parts.length > 0) sentences.push(`Not as configured: ${parts.join(', ')}.`);
  return because(parts.length > 0 ? 'not-as-configured' : 'idle', sentences.join(' '));
}
