import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';
import { type Activation, type KeptState, type StateFolder } from './state-folder.ts';

/**
 * The first time that something is blocked on a machine is undone unless somebody confirms it: whoever locked himself out needs to do
 * nothing. A trial outlives a restart of this process, but not one of the machine, after which nothing is in force.
 */
export class FirstActivation {
  private readonly folder: StateFolder;
  private readonly trialSeconds: number;
  private kept: KeptState;

  constructor(folder: StateFolder, kept: KeptState, trialSeconds: number) {
    this.folder = folder;
    this.kept = kept;
    this.trialSeconds = trialSeconds;
  }

  /** How far it is. */
  get state(): Activation['state'] {
    return this.kept.activation.state;
  }

  /** The trial that goes on, in epoch milliseconds. */
  get trial(): { startedAt: number; endsAt: number } | null {
    const { activation } = this.kept;
    if (activation.state !== 'trial') return null;
    return { startedAt: activation.startedAt, endsAt: Math.round(Date.now() + Math.max(0, this.leftMs)) };
  }

  /** Milliseconds of the trial that are left; not above 0 when it is over. */
  get leftMs(): number {
    const { activation } = this.kept;
    if (activation.state !== 'trial') return Number.POSITIVE_INFINITY;
    return activation.bootId === bootId() ? (activation.endsAtUptime - uptime()) * 1_000 : 0;
  }

  /** Begins a trial. */
  async begin(): Promise<void> {
    const endsAtUptime = uptime() + this.trialSeconds;
    await this.keep({ state: 'trial', startedAt: Date.now(), bootId: bootId(), endsAtUptime });
  }

  /** Somebody confirmed the trial that began at this time; another one is not meant. @returns whether it was this one */
  async confirm(startedAt: number | null): Promise<boolean> {
    const { activation } = this.kept;
    if (activation.state !== 'trial' || activation.startedAt !== startedAt) return false;
    await this.keep({ state: 'confirmed' });
    return true;
  }

  /** Nobody confirmed. @param resync the last one that is known */
  async revert(resync: number): Promise<void> {
    await this.keep({ state: 'reverted', resync });
  }

  /** Lets it begin anew when an administrator has asked for that since it was undone. */
  async noticeResync(resync: number): Promise<void> {
    const { activation } = this.kept;
    if (activation.state === 'reverted' && resync > activation.resync) await this.keep({ state: 'new' });
  }

  private async keep(activation: Activation): Promise<void> {
    this.kept = { ...this.kept, activation };
    await this.folder.keepState(this.kept);
  }
}

function bootId(): string {
  return readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
}
