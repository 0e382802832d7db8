import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { type Requester } from '../../core/http/requester.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { AuditEventEntity, type AuditOutcome } from './audit-event.entity.ts';
import { AuditRepository } from './audit.repository.ts';
import { maskSecrets } from './mask-secrets.ts';

/** Who did it. Where nobody is signed in, `username` says what acted, for example `setup`. */
export type AuditActor = Pick<Requester, 'username' | 'address' | 'requestId'>;

/** One thing somebody did. */
export interface AuditRecord {
  readonly requester: AuditActor;
  /** What, as `thing.verb`: `ban.create`, `jail.reload`; at most 64 characters. */
  readonly action: string;
  /** To what; cut at 256 characters. */
  readonly subject: string;
  readonly outcome: AuditOutcome;
  /** Anything JSON; secrets are masked by name. */
  readonly detail?: unknown;
  readonly before?: unknown;
  readonly after?: unknown;
}

/** Longest JSON kept of each of detail, before and after, in characters. */
const maxJsonLength = 65_536;

function kept(value: unknown): unknown {
  if (value === undefined || value === null) return null;
  const masked = maskSecrets(value);
  const length = JSON.stringify(masked).length;
  return length > maxJsonLength ? { truncated: true, length } : masked;
}

/** Writes down what was done. Rows are never changed afterwards. */
@Injectable()
export class AuditTrail {
  constructor(
    private readonly repository: AuditRepository,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Records one event. It is called after the fact, so it never rejects: a thing that was done cannot be undone because
   * writing it down failed. The failure is logged as an error with the event in it.
   */
  async record({ requester, action, subject, outcome, detail, before, after }: AuditRecord): Promise<void> {
    const event = Object.assign(new AuditEventEntity(), {
      id: randomUUID(),
      at: this.clock.now(),
      actor: requester.username.slice(0, 64),
      address: requester.address.slice(0, 64),
      action: action.slice(0, 64),
      subject: subject.slice(0, 256),
      outcome,
      detail: kept(detail),
      before: kept(before),
      after: kept(after),
      requestId: requester.requestId.slice(0, 64),
    });
    try {
      await this.repository.add(event);
    } catch (error) {
      this.log.error(logEvents.auditFailed, {
        actor: event.actor,
        address: event.address,
        action: event.action,
        subject: event.subject,
        outcome,
        error,
      });
    }
  }
}
