import { randomUUID } from 'node:crypto';
import { type BeforeApplicationShutdown, Injectable, type OnModuleInit } from '@nestjs/common';
import { Clock } from '../../../core/clock.ts';
import { ownIdentity } from '../../../core/instances/process-identity.ts';
import { Log } from '../../../core/logging/log.ts';
import { logEvents } from '../../../core/logging/log-events.ts';
import { AuditTrail } from '../../audit/index.ts';
import { type LoadedJails, type TestedFolder } from '../../jails/index.ts';
import {
  ChangeUndone,
  ConfigurationBusy,
  ConfigurationStuck,
  ConfigurationUnwritable,
} from '../configuration.errors.ts';
import { isOwnByName } from '../owned-path.ts';
import {
  type ConfigTransactionEntity,
  ConfigurationRepository,
  type FileChange,
  type TransactionState,
  type VersionKind,
} from '../store/index.ts';
import { AbandonedTransactions } from './abandoned-transactions.ts';
import { type Applied, AppliedConfiguration, NotApplied } from './applied-configuration.ts';
import { ConfigurationFiles } from './configuration-files.ts';

/** The database is told this often that a change goes on, in milliseconds. */
const keepAliveMs = 2_000;
/** Looks for a change that nobody works on, in milliseconds. */
const lookEveryMs = 5_000;

/** What is to be done, and how it is remembered. */
export interface TransactionPlan {
  readonly kind: VersionKind;
  readonly actor: string;
  readonly comment: string;
  /** The version it goes back to. */
  readonly restored?: number | null;
  /** Finds out what changes, while nobody else can change anything. What it throws is the refusal; nothing was done then. */
  readonly changes: () => Promise<PlannedFiles>;
  /** Told when nothing is against it and the files are about to be written. */
  readonly checked?: (() => void) | undefined;
}

/** What a plan comes to. */
export interface PlannedFiles {
  readonly files: readonly FileChange[];
  /** What the checks found out about the folder as it will be; undefined when none were made. */
  readonly tested: TestedFolder | undefined;
}

/** A change that was made. */
export interface Committed {
  readonly version: number;
  readonly files: readonly FileChange[];
  /** What was read back; undefined when no file changed. */
  readonly applied: Applied | undefined;
}

/** What is under way. */
export interface TransactionStatus {
  readonly state: TransactionState;
  readonly actor: string;
  readonly comment: string;
  readonly startedAt: number;
  readonly paths: readonly string[];
  readonly problem: string | null;
}

/**
 * Changes of the configuration, one at a time over all instances. Files, server and history go from one state to the next
 * together: whatever happens in between, also the end of this process, brings back the state before.
 */
@Injectable()
export class ConfigurationTransactions implements OnModuleInit, BeforeApplicationShutdown {
  private readonly identity = ownIdentity();
  private readonly abandoned = new AbandonedTransactions(this.identity);
  private timer: NodeJS.Timeout | undefined;
  private looking: Promise<void> | undefined;
  private isStopping = false;
  /** Ids of those that this process works on or is about to begin. */
  private readonly own = new Set<string>();

  constructor(
    private readonly repository: ConfigurationRepository,
    private readonly files: ConfigurationFiles,
    private readonly configuration: AppliedConfiguration,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  onModuleInit(): void {
    this.lookSoon(0);
  }

  async beforeApplicationShutdown(): Promise<void> {
    this.isStopping = true;
    clearTimeout(this.timer);
    await this.looking;
  }

  /** What is under way or waits to be put right. */
  async status(): Promise<TransactionStatus | null> {
    const found = await this.repository.transaction();
    if (!found) return null;
    const { state, actor, comment, startedAt, files, problem } = found;
    return { state, actor, comment, startedAt, paths: files.map(({ path }) => path), problem };
  }

  /**
   * Does it, reads back what fail2ban has, and keeps it as a version.
   * @throws {ConfigurationBusy} {@link ConfigurationStuck}; what the plan throws; {@link ChangeUndone}; {@link ConfigurationUnwritable} when
   * nothing was written
   */
  async run(plan: TransactionPlan): Promise<Committed> {
    await this.look();
    const id = randomUUID();
    return this.working(id, async () => {
      await this.begin(id, plan);
      return this.carryOut(id, plan);
    });
  }

  /**
   * Ends one that is stuck: `undo` writes the files as they were before it, whatever they are now, `keep` takes them as they
   * are as a version. Resolves to false when none is stuck.
   */
  async resolve(how: 'undo' | 'keep', actor: string): Promise<boolean> {
    const found = await this.repository.transaction();
    if (found?.state !== 'stuck') return false;
    return this.taking(found, async (id) => {
      if (how === 'undo') {
        await this.undo({ ...found, id }, { isForced: true });
        return;
      }
      const { kind, comment, restored } = found;
      const files = await Promise.all(
        found.files.map(async ({ path, before }) => ({ path, before, after: await this.files.read(path) })),
      );
      const version = { kind, actor, comment, restored, at: this.clock.now(), files };
      await this.repository.finish(id, version, ownedBy(files));
    });
  }

  /** @throws {ConfigurationBusy} {@link ConfigurationStuck} */
  private async begin(id: string, { kind, actor, comment, restored = null }: TransactionPlan): Promise<void> {
    const now = this.clock.now();
    const common = { id, holder: this.identity, startedAt: now, renewedAt: now, kind, actor, comment, restored };
    if (await this.repository.begin({ ...common, state: 'checking', files: [], problem: null })) return;
    const other = await this.repository.transaction();
    if (other?.state === 'stuck') throw new ConfigurationStuck(other.problem ?? '');
    throw new ConfigurationBusy(other?.actor ?? 'Somebody');
  }

  private async carryOut(id: string, plan: TransactionPlan): Promise<Committed> {
    let planned: PlannedFiles;
    try {
      planned = await plan.changes();
    } catch (error) {
      await this.repository.abandon(id);
      throw error;
    }
    const { files: changes, tested } = planned;
    const before = this.configuration.states();
    await this.hold(id, { state: 'writing', files: changes });
    const written = changes.filter((change) => change.before !== change.after);
    let applied: Applied | undefined;
    if (written.length > 0) {
      plan.checked?.();
      try {
        await this.files.write(written);
        applied = await this.configuration.load(before, { tested });
      } catch (error) {
        // The first file could not be written, and fail2ban was not told of any: there is nothing to undo.
        if (error instanceof ConfigurationUnwritable && (await this.isUntouched(written))) {
          await this.repository.abandon(id);
          throw error;
        }
        await this.undone({ id, files: changes }, before, error);
      }
    }
    const { kind, actor, comment, restored = null } = plan;
    const number = await this.repository.finish(
      id,
      { at: this.clock.now(), kind, actor, comment, restored, files: changes },
      ownedBy(changes, kind),
    );
    if (number === undefined) throw new ConfigurationBusy('Another instance of BanGUI');
    return { version: number, files: changes, applied };
  }

  private async isUntouched(files: readonly FileChange[]): Promise<boolean> {
    await this.files.removeRemains();
    const now = await Promise.all(files.map(({ path }) => this.files.read(path)));
    return files.every(({ before }, index) => now[index] === before);
  }

  /** Puts everything back. @throws {ChangeUndone} always; {@link ConfigurationStuck} when it cannot */
  private async undone(
    transaction: Pick<ConfigTransactionEntity, 'id' | 'files'>,
    before: LoadedJails,
    cause: unknown,
  ): Promise<never> {
    const reason = cause instanceof Error ? cause.message : String(cause);
    let isRestored = false;
    try {
      isRestored = await this.undo(transaction, { before, restart: true });
    } catch (error) {
      if (error instanceof ConfigurationStuck) throw error;
      // fail2ban is away: as soon as it is back it is read back, and until then nothing else may be changed.
      this.lookSoon(lookEveryMs);
    }
    throw new ChangeUndone(reason, { isRestored }, cause);
  }

  /**
   * Writes the files as they were, has fail2ban load them, and ends the transaction. Resolves to whether every jail that
   * was armed before is armed again.
   * @param isForced also over what somebody else wrote since
   * @throws {ConfigurationStuck} when the files cannot be put back; what fail2ban throws when it does not take them
   */
  private async undo(
    { id, files }: Pick<ConfigTransactionEntity, 'id' | 'files'>,
    { before, isForced = false, restart = false }: UndoOptions,
  ): Promise<boolean> {
    await this.hold(id, { state: 'undoing' });
    try {
      await this.files.removeRemains();
      const different: FileChange[] = [];
      for (const change of files) {
        const now = await this.files.read(change.path);
        if (now === change.before) continue;
        if (now !== change.after && !isForced) {
          throw new Error(`${change.path} was changed by somebody else meanwhile, so it was left as it is.`);
        }
        different.push(change);
      }
      await this.files.write(different.map(({ path, before }) => ({ path, after: before })));
    } catch (error) {
      const problem = error instanceof Error ? error.message : String(error);
      await this.hold(id, { state: 'stuck', problem });
      this.log.error(logEvents.configurationNotRecovered, { problem });
      throw new ConfigurationStuck(problem);
    }
    let isRestored = true;
    try {
      await this.configuration.load(before, { restart });
    } catch (error) {
      // The files are right, and doing the same again would change nothing.
      if (!(error instanceof NotApplied)) throw error;
      isRestored = false;
    }
    await this.repository.abandon(id);
    return isRestored;
  }

  /** Writes down how far it is. @throws {ConfigurationBusy} when somebody else has taken it over */
  private async hold(id: string, change: Parameters<ConfigurationRepository['update']>[1]): Promise<void> {
    const isHeld = await this.repository.update(id, { ...change, renewedAt: this.clock.now() });
    if (!isHeld) throw new ConfigurationBusy('Another instance of BanGUI');
  }

  private async beat(id: string): Promise<void> {
    // One that is missed is no harm; the next follows.
    await this.repository.update(id, { renewedAt: this.clock.now() }).catch(() => false);
  }

  /** Puts an interrupted change right, as soon as whoever began it is gone. Never rejects. */
  private look(): Promise<void> {
    this.looking ??= this.recover()
      .catch((error: unknown) => this.log.error(logEvents.configurationNotRecovered, { error }))
      .finally(() => (this.looking = undefined));
    return this.looking;
  }

  private lookSoon(delayMs: number): void {
    clearTimeout(this.timer);
    if (this.isStopping) return;
    this.timer = setTimeout(() => void this.look().then(() => this.lookSoon(lookEveryMs)), delayMs).unref();
  }

  private async recover(): Promise<void> {
    const found = await this.repository.transaction();
    if (!found || this.own.has(found.id) || found.state === 'stuck') return;
    if (!this.abandoned.isAbandoned(found, this.clock.monotonic())) return;
    const { actor, startedAt, comment, files } = found;
    await this.taking(found, async (id) => {
      if (found.state === 'checking') return this.repository.abandon(id);
      await this.undo({ id, files }, {});
      this.log.warn(logEvents.configurationRecovered, { actor, startedAt });
      await this.audit.record({
        requester: { username: 'BanGUI', address: '', requestId: '' },
        action: 'configuration.recover',
        subject: '*',
        outcome: 'succeeded',
        detail: { actor, comment, paths: files.map(({ path }) => path) },
      });
    });
  }

  /** Works on one that somebody left behind. Resolves to false when somebody else does. */
  private async taking(found: ConfigTransactionEntity, work: (id: string) => Promise<void>): Promise<boolean> {
    const id = randomUUID();
    return this.working(id, async () => {
      const by = { id, holder: this.identity, renewedAt: this.clock.now() };
      if (!(await this.repository.takeOver(found, by))) return false;
      await work(id);
      return true;
    });
  }

  private async working<T>(id: string, work: () => Promise<T>): Promise<T> {
    this.own.add(id);
    const beats = setInterval(() => void this.beat(id), keepAliveMs);
    try {
      return await work();
    } finally {
      clearInterval(beats);
      this.own.delete(id);
    }
  }
}

interface UndoOptions {
  /** A jail that was not armed then need not be armed afterwards. */
  readonly before?: LoadedJails;
  readonly isForced?: boolean;
  readonly restart?: boolean;
}

/** Files that are BanGUI's from now on, where their names do not say so. */
function ownedBy(
  changes: readonly FileChange[],
  kind: VersionKind = 'change',
): { path: string; how: 'created' | 'adopted' }[] {
  const how = kind === 'adopt' ? 'adopted' : 'created';
  return changes.filter(({ path }) => !isOwnByName(path)).map(({ path }) => ({ path, how }));
}
