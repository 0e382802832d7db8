import { type EnforcerReport } from '@bangui/enforcement';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { type Requester } from '../../core/http/requester.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { AuditTrail } from '../audit/index.ts';
import {
  type EnforcementChange,
  type EnforcementConfirmation,
  type EnforcementStatus,
  type EnforcerStatus,
} from './enforcement.dto.ts';
import { EnforcersNotUsed, NothingToConfirm } from './enforcement.errors.ts';
import { enforcementChanged } from './enforcement-events.ts';
import { EnforcementRepository } from './enforcement.repository.ts';
import { type EnforcementStateEntity } from './enforcement-state.entity.ts';
import { concernsOf, standingOf } from './enforcer-standing.ts';
import { type OrdersForEnforcer } from './enforcer-report.dto.ts';
import { type CurrentWanted, WantedAnswers } from './wanted-answers.ts';

/** Id under which the jail of the backend `fail2ban` reports. */
export const fail2banEnforcer = 'fail2ban';

/** How lists are enforced, and what administrators say about it. */
@Injectable()
export class EnforcementService {
  /** Since when this instance knows of the set that is wanted. */
  private seen = { hash: '', at: 0 };

  constructor(
    private readonly settings: Settings,
    private readonly repository: EnforcementRepository,
    private readonly answers: WantedAnswers,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly events: EventBus,
    private readonly log: Log,
  ) {}

  /** Everything there is to see. */
  async status(): Promise<EnforcementStatus> {
    const { placement, resyncAt } = await this.repository.policy();
    const current = await this.currentOrUndefined();
    const backend = this.settings.enforcement;
    const rows = backend === 'none' ? [] : await this.repository.states();
    const isOfBackend = ({ id }: EnforcementStateEntity): boolean =>
      (id === fail2banEnforcer) === (backend === 'fail2ban');
    const enforcers = rows.filter(isOfBackend).map((row) => this.shown(row, current));
    const concerns = concernsOf(enforcers, {
      isKnown: current !== undefined,
      isSomethingBlocked: current !== undefined && !current.wanted.blocked.isEmpty,
      wantedForMs: this.clock.monotonic() - this.seen.at,
    });
    return {
      backend,
      placement,
      resyncAt,
      wanted: current
        ? {
            generation: current.version.generation,
            hash: current.version.blockedHash,
            blockedRanges: current.wanted.blocked.rangeCount,
            allowedRanges: current.wanted.allowed.rangeCount,
          }
        : null,
      enforcers,
      needsAttention: backend === 'none' ? [] : concerns,
    };
  }

  /**
   * Keeps what an enforcer says and answers what it is to do.
   * @param tokenId the token that it reports with
   * @throws {TooManyEnforcers | EnforcersNotUsed | EnforcerTaken}
   */
  async report(report: EnforcerReport, tokenId: string): Promise<OrdersForEnforcer> {
    this.requireEnforcers();
    return this.keep(report, tokenId);
  }

  /** The same for what stands for an enforcer here. */
  async keep(report: EnforcerReport, tokenId: string | null = null): Promise<OrdersForEnforcer> {
    const confirmedTrial = await this.repository.keep(report, tokenId, this.clock.now());
    if (report.repaired.length > 0) {
      this.log.warn(logEvents.enforcementDrift, { enforcer: report.name, repaired: report.repaired.join(', ') });
    }
    if (report.state === 'failed' || report.state === 'reverted') {
      this.log.warn(logEvents.enforcementNotInForce, {
        enforcer: report.name,
        state: report.state,
        reason: report.problem,
      });
    }
    return { confirmedTrial };
  }

  /** Confirms first activations, so that they stay. @throws {NothingToConfirm} */
  async confirm({ enforcers }: EnforcementConfirmation, requester: Requester): Promise<EnforcementStatus> {
    this.requireEnforcers();
    const now = this.clock.now();
    const trials = (await this.repository.states()).flatMap(({ id, report: { name, state, trial }, lastSeenAt }) => {
      const isMeant = enforcers === undefined || enforcers.includes(id);
      const isOn = state === 'trial' && trial !== null && now - lastSeenAt < trial.endsAt - trial.startedAt;
      return isMeant && isOn ? [{ id, name, startedAt: trial.startedAt }] : [];
    });
    const names = trials.map(({ name }) => name);
    const record = { requester, action: 'enforcement.confirm', subject: names.join(', ') || '*' };
    if (trials.length === 0) {
      await this.audit.record({ ...record, outcome: 'refused' });
      throw new NothingToConfirm();
    }
    await this.repository.confirm(trials);
    await this.audit.record({ ...record, outcome: 'succeeded' });
    return this.status();
  }

  /** Makes every enforcer read and load everything anew, also one that had reverted. */
  async resync(requester: Requester): Promise<EnforcementStatus> {
    await this.repository.changePolicy({ resyncAt: this.clock.now() });
    await this.audit.record({ requester, action: 'enforcement.resync', subject: '*', outcome: 'succeeded' });
    this.events.emit(enforcementChanged, undefined);
    return this.status();
  }

  /** Changes where packets are dropped. */
  async change({ placement }: EnforcementChange, requester: Requester): Promise<EnforcementStatus> {
    const before = await this.repository.policy();
    await this.repository.changePolicy({ placement });
    await this.audit.record({
      requester,
      action: 'enforcement.change',
      subject: '*',
      outcome: 'succeeded',
      before: { placement: before.placement },
      after: { placement },
    });
    this.events.emit(enforcementChanged, undefined);
    return this.status();
  }

  /** @throws {EnforcersNotUsed} */
  requireEnforcers(): void {
    if (this.settings.enforcement !== 'ipset') throw new EnforcersNotUsed(this.settings.enforcement);
  }

  private async currentOrUndefined(): Promise<CurrentWanted | undefined> {
    try {
      const current = await this.answers.current();
      if (current.etag !== this.seen.hash) this.seen = { hash: current.etag, at: this.clock.monotonic() };
      return current;
    } catch (error) {
      // Shown as such; enforcers keep what they have.
      this.log.warn(logEvents.wantedUnknown, { error });
      return undefined;
    }
  }

  private shown(row: EnforcementStateEntity, current: CurrentWanted | undefined): EnforcerStatus {
    const { id, name, version, applied, trial, problem } = row.report;
    return {
      id,
      name,
      version,
      standing: standingOf(row, current?.version, this.clock.now()),
      applied: applied && {
        generation: applied.generation,
        hash: applied.blockedHash,
        placement: applied.placement,
        blockedEntries: applied.blockedEntries,
        allowedEntries: applied.allowedEntries,
        memoryBytes: applied.memoryBytes,
        droppedPackets: applied.droppedPackets,
        droppedBytes: applied.droppedBytes,
        appliedAt: applied.appliedAt,
      },
      confirmBefore: row.report.state === 'trial' ? (trial?.endsAt ?? null) : null,
      problem,
      repaired: row.driftAt === null ? null : { kinds: row.drift ?? [], at: row.driftAt },
      firstSeenAt: row.firstSeenAt,
      lastSeenAt: row.lastSeenAt,
    };
  }
}
