import { Injectable } from '@nestjs/common';
import { asAppError } from '../../core/fail2ban/index.ts';
import { AppError } from '../../core/http/app-error.ts';
import { type Requester } from '../../core/http/requester.ts';
import { InstanceBus } from '../../core/instances/index.ts';
import { type Operation, type OperationKind, Operations } from '../../core/operations/index.ts';
import { AuditTrail } from '../audit/index.ts';
import { fail2banTouched } from './fail2ban-touched.ts';

/** Told how far a change is. */
export type Progress = (done: number, total: number) => void;

/** Who changes what, as the audit log keeps it. */
export interface ChangeRecord {
  readonly requester: Requester;
  /** Stable name such as `ban.create`. */
  readonly action: string;
  /** The jail; null for the whole server. */
  readonly subject: string | null;
  /** What was asked for. */
  readonly detail?: Record<string, unknown>;
}

/** How a change ended. */
export interface ChangeOutcome {
  /** For whoever asked. */
  readonly outcome: Record<string, unknown>;
  readonly before?: Record<string, unknown>;
  readonly after?: Record<string, unknown>;
}

/** A change that may take long. */
export interface Change<Checked> extends ChangeRecord {
  readonly kind: OperationKind;
  /** Refuses by throwing; nothing was changed then. */
  readonly check: () => Checked | Promise<Checked>;
  readonly work: (checked: Checked, progress: Progress) => Promise<ChangeOutcome>;
}

/** Something that only looks, but may take long. */
export interface Observation {
  readonly kind: OperationKind;
  readonly subject: string | null;
  readonly work: () => Promise<Record<string, unknown>>;
}

/** What the audit log has as the subject of a change of all jails. */
const everything = '*';
/** Entries of lists that the audit log keeps; the count is kept in full. */
const maxListed = 500;

/** Carries out changes of the fail2ban server and leaves each one in the audit log, refused ones too. */
@Injectable()
export class ServerChanges {
  constructor(
    private readonly operations: Operations,
    private readonly audit: AuditTrail,
    private readonly bus: InstanceBus,
  ) {}

  /**
   * Checks, then works as an operation.
   * @throws {AppError} why it was refused or failed, when that is known within the operation's patience
   */
  async operate<Checked>(change: Change<Checked>): Promise<Operation> {
    const checked = await this.orRecord(change, async () => change.check());
    const { kind, subject } = change;
    return this.operations.run({
      kind,
      subject,
      work: async (progress) => {
        const done = await this.touching(change, () => this.orRecord(change, () => change.work(checked, progress)));
        await this.recordSuccess(change, done);
        return done.outcome;
      },
    });
  }

  /** Runs something that changes nothing, so that the audit log need not know. @throws why it failed */
  async observe({ kind, subject, work }: Observation): Promise<Operation> {
    return this.operations.run({ kind, subject, work });
  }

  /** Does something short within the request. @throws why it was refused or failed */
  async carryOut(change: ChangeRecord, work: () => Promise<ChangeOutcome>): Promise<void> {
    const done = await this.touching(change, () => this.orRecord(change, work));
    await this.recordSuccess(change, done);
  }

  /** Tells other instances to look, also after a failure: part of it may have been done. */
  private async touching<T>({ subject }: ChangeRecord, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } finally {
      this.bus.publish(fail2banTouched, { jail: subject });
    }
  }

  private async orRecord<T>(change: ChangeRecord, step: () => Promise<T>): Promise<T> {
    try {
      return await step();
    } catch (error) {
      const failure = asAppError(error);
      const isRefusal = failure instanceof AppError && failure.status < 500;
      await this.audit.record({
        requester: change.requester,
        action: change.action,
        subject: change.subject ?? everything,
        outcome: isRefusal ? 'refused' : 'failed',
        detail: {
          ...bounded(change.detail ?? {}),
          code: failure instanceof AppError ? failure.code : 'internal-error',
          ...(failure instanceof AppError && { message: failure.message }),
        },
      });
      throw failure;
    }
  }

  private async recordSuccess(change: ChangeRecord, done: ChangeOutcome): Promise<void> {
    await this.audit.record({
      requester: change.requester,
      action: change.action,
      subject: change.subject ?? everything,
      outcome: 'succeeded',
      detail: { ...bounded(change.detail ?? {}), outcome: bounded(done.outcome) },
      ...(done.before && { before: bounded(done.before) }),
      ...(done.after && { after: bounded(done.after) }),
    });
  }
}

/** Cuts long lists, so that one request cannot fill the audit log. */
function bounded(detail: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(detail).map(([name, value]) => {
      const list: unknown[] | undefined = Array.isArray(value) ? value : undefined;
      if (!list || list.length <= maxListed) return [name, value];
      return [name, { count: list.length, first: list.slice(0, maxListed) }];
    }),
  );
}
