import { setTimeout as pause } from 'node:timers/promises';
import { ApiConnection } from './api/api-connection.ts';
import { FirstActivation } from './first-activation.ts';
import { Keeper } from './keeper.ts';
import { type Log, wordsOf } from './log.ts';
import { type Programs } from './programs.ts';
import { ProtectedAddresses } from './protected/protected-addresses.ts';
import { type Settings } from './settings.ts';
import { type StateFolder } from './state-folder.ts';
import { ownVersion } from './version.ts';
import { WantedPull } from './wanted-pull.ts';
import { WantedStore } from './wanted-store.ts';

/** Something is told the API at least this often, in milliseconds; more often while a trial waits to be confirmed. */
const REPORT_EVERY_MS = 15_000;
const TRIAL_REPORT_EVERY_MS = 2_000;
/** The last question whether a trial was confirmed may take this long, in milliseconds. */
const LAST_QUESTION_MS = 3_000;

/** One enforcer: pulls what is wanted, keeps the kernel so, and reports. */
export class Enforcer {
  private readonly settings: Settings;
  private readonly folder: StateFolder;
  private readonly programs: Programs;
  private readonly log: Log;
  private isWoken = false;
  private endSleep: () => void = () => undefined;
  private reportedAt = Number.NEGATIVE_INFINITY;
  private reported = '';
  private reportProblem = '';

  constructor(settings: Settings, folder: StateFolder, programs: Programs, log: Log) {
    this.settings = settings;
    this.folder = folder;
    this.programs = programs;
    this.log = log;
  }

  /** Looks at once instead of in a few seconds. */
  lookNow(): void {
    this.isWoken = true;
    this.endSleep();
  }

  /** Runs until the signal aborts; everything that is in force stays so. */
  async run(signal: AbortSignal): Promise<void> {
    const { settings, folder, programs, log } = this;
    const kept = await folder.state();
    await folder.keepState(kept);
    const store = new WantedStore(folder, log);
    await store.restore();
    const api = new ApiConnection(settings);
    const activation = new FirstActivation(folder, kept, settings.trialSeconds);
    const protectedAddresses = new ProtectedAddresses(settings, log);
    const keeper = new Keeper({ programs, store, activation, protectedAddresses, log });
    const pull = new WantedPull(api, store, log);
    const pulling = pull.run(() => this.lookNow(), signal);
    const report = (within: AbortSignal): Promise<void> =>
      this.report(kept.id, { api, activation, keeper, pull }, within);
    while (!signal.aborted) {
      this.isWoken = false;
      if (activation.leftMs <= 0) {
        // Somebody may have confirmed since the last report.
        await report(AbortSignal.any([signal, AbortSignal.timeout(LAST_QUESTION_MS)]));
        if (activation.state === 'trial') await this.revert(keeper);
      } else {
        await keeper.look();
      }
      await report(signal);
      const nextMs = Math.min(settings.checkSeconds * 1_000, activation.leftMs);
      await this.sleep(activation.state === 'trial' ? Math.min(nextMs, TRIAL_REPORT_EVERY_MS) : nextMs, signal);
    }
    api.close();
    await pulling;
  }

  private async revert(keeper: Keeper): Promise<void> {
    try {
      await keeper.revert();
    } catch (error) {
      // Tried again at the next look, which comes at once because the trial is over.
      this.log.at('error', 'wanted_not_applied', { reason: wordsOf(error) });
      await pause(1_000);
    }
  }

  /** Tells the API how things stand, when there is news or it is time. Never rejects. */
  private async report(
    id: string,
    parts: { api: ApiConnection; activation: FirstActivation; keeper: Keeper; pull: WantedPull },
    signal: AbortSignal,
  ): Promise<void> {
    const { api, activation, keeper, pull } = parts;
    const { state, applied, problem } = keeper.state;
    const repaired = keeper.repairs;
    const words = problem ?? pull.problem ?? null;
    const news = JSON.stringify([
      state,
      applied?.generation,
      applied?.blockedHash,
      applied?.resync,
      applied?.placement,
      words,
      repaired,
    ]);
    const everyMs = activation.state === 'trial' ? TRIAL_REPORT_EVERY_MS : REPORT_EVERY_MS;
    const now = performance.now();
    if (news === this.reported && now - this.reportedAt < everyMs - 50 && activation.leftMs > 0) return;
    try {
      const { name } = this.settings;
      const report = {
        id,
        name,
        version: ownVersion(),
        state,
        applied,
        trial: activation.trial,
        repaired,
        problem: words,
      };
      const { confirmedTrial } = await api.report(report, signal);
      [this.reported, this.reportedAt, this.reportProblem] = [news, now, ''];
      keeper.forgetRepairs(repaired);
      if (await activation.confirm(confirmedTrial)) {
        this.log.at('info', 'enforcer_trial_confirmed');
        this.lookNow();
      }
    } catch (error) {
      // The next one tells the same.
      const reason = wordsOf(error);
      if (reason !== this.reportProblem && !signal.aborted) this.log.at('warn', 'report_not_sent', { reason });
      this.reportProblem = reason;
    }
  }

  private async sleep(ms: number, signal: AbortSignal): Promise<void> {
    // What came while it looked is looked at now.
    if (this.isWoken) return;
    const woken = new AbortController();
    this.endSleep = () => woken.abort();
    await pause(Math.max(0, ms), undefined, { signal: AbortSignal.any([signal, woken.signal]) }).catch(() => undefined);
  }
}
