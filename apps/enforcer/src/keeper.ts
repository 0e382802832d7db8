import { type AppliedReport, type DriftKind, type EnforcerState } from '@bangui/enforcement';
import { type AddressSet } from '@bangui/ip';
import { type FirstActivation } from './first-activation.ts';
import { KernelApplier } from './kernel-applier.ts';
import { type Log, wordsOf } from './log.ts';
import { type Programs } from './programs.ts';
import { type ProtectedAddresses } from './protected/protected-addresses.ts';
import { type StoredWanted, type WantedStore } from './wanted-store.ts';
import { type Applied, type Applier, type WantedSet } from './wanted-set.ts';

/** What the keeper has to say. */
export interface Kept {
  readonly state: EnforcerState;
  readonly applied: AppliedReport | null;
  readonly problem: string | null;
}

/** Keeps the kernel as it is wanted: looks every few seconds, loads what is new, repairs what somebody changed. */
export class Keeper {
  private readonly programs: Programs;
  private readonly store: WantedStore;
  private readonly activation: FirstActivation;
  private readonly protectedAddresses: ProtectedAddresses;
  private readonly log: Log;
  private applier: Applier;
  private resync: number | undefined;
  private allowed: { readonly of: AddressSet; readonly and: AddressSet; readonly union: AddressSet } | undefined;
  private kept: Kept = { state: 'waiting', applied: null, problem: null };
  private appliedAt = 0;
  private readonly repaired = new Set<DriftKind>();

  constructor(parts: {
    readonly programs: Programs;
    readonly store: WantedStore;
    readonly activation: FirstActivation;
    readonly protectedAddresses: ProtectedAddresses;
    readonly log: Log;
  }) {
    this.programs = parts.programs;
    this.store = parts.store;
    this.activation = parts.activation;
    this.protectedAddresses = parts.protectedAddresses;
    this.log = parts.log;
    this.applier = new KernelApplier(parts.programs);
  }

  /** How it stands. */
  get state(): Kept {
    return this.kept;
  }

  /** What had to be repaired since it was last told. */
  get repairs(): readonly DriftKind[] {
    return [...this.repaired];
  }

  /** These repairs were told. */
  forgetRepairs(told: readonly DriftKind[]): void {
    for (const kind of told) this.repaired.delete(kind);
  }

  /** Looks once and makes everything as it should be. Never rejects. */
  async look(): Promise<void> {
    try {
      this.kept = await this.keep();
    } catch (error) {
      const problem = wordsOf(error);
      if (problem !== this.kept.problem) this.log.at('error', 'wanted_not_applied', { reason: problem });
      this.kept = { ...this.kept, state: 'failed', problem };
    }
  }

  /** Nobody confirmed the first activation: removes everything. Rejects when that fails, so that it is tried again. */
  async revert(): Promise<void> {
    await this.applier.remove();
    await this.activation.revert(this.store.current?.version.resync ?? 0);
    this.kept = { state: 'reverted', applied: null, problem: null };
    this.log.at('warn', 'enforcer_trial_reverted');
  }

  private async keep(): Promise<Kept> {
    const wanted = this.store.current;
    if (!wanted) return { state: 'waiting', applied: null, problem: null };
    await this.activation.noticeResync(wanted.version.resync);
    if (this.activation.state === 'reverted') return { state: 'reverted', applied: null, problem: null };
    if (this.activation.state === 'new') {
      // What blocks nothing locks nobody out, and needs no confirmation.
      if (wanted.blocked.isEmpty) return { state: 'waiting', applied: null, problem: null };
      await this.activation.begin();
      this.log.at('warn', 'enforcer_trial_started', { endsAt: this.activation.trial?.endsAt });
    }
    // A new applier knows nothing of what is there, so it loads everything anew.
    if (this.resync !== undefined && this.resync !== wanted.version.resync)
      this.applier = new KernelApplier(this.programs);
    const applied = await this.applier.apply(await this.setOf(wanted));
    this.resync = wanted.version.resync;
    this.note(applied, wanted);
    return {
      state: this.activation.state === 'trial' ? 'trial' : 'applied',
      applied: this.reportOf(applied, wanted),
      problem: null,
    };
  }

  private async setOf({ version, blocked, allowed }: StoredWanted): Promise<WantedSet> {
    const own = await this.protectedAddresses.all();
    if (this.allowed?.of !== allowed || this.allowed.and !== own) {
      this.allowed = { of: allowed, and: own, union: allowed.union(own) };
    }
    return { generation: version.generation, blocked, allowed: this.allowed.union, placement: version.placement };
  }

  private note({ method, changes, tookMs, repaired, state }: Applied, { version }: StoredWanted): void {
    if (repaired.length > 0) this.log.at('warn', 'drift_repaired', { drift: repaired });
    for (const kind of repaired) this.repaired.add(kind);
    if (method === 'unchanged' && repaired.length === 0 && this.appliedAt !== 0) return;
    this.appliedAt = Date.now();
    this.log.at('info', 'wanted_applied', {
      generation: version.generation,
      method,
      changes,
      tookMs: Math.round(tookMs),
      blockedEntries: state.blockedEntries,
      allowedEntries: state.allowedEntries,
    });
  }

  private reportOf({ state }: Applied, { version }: StoredWanted): AppliedReport {
    const { resync, fencing, generation, blockedHash, placement } = version;
    return { resync, fencing, generation, blockedHash, placement, ...state, appliedAt: this.appliedAt };
  }
}
