import { PageQuery } from '../../core/database/page-query.dto.ts';

/** Which part of the audit log to read. */
export class AuditQuery extends PageQuery {}

/** One thing somebody did. */
export class AuditEvent {
  id: string;
  /** When; epoch milliseconds. */
  at: number;
  /** The user's name, or what acted when nobody was signed in, for example `setup`. */
  actor: string;
  /** From where. */
  address: string;
  /** What, for example `ban.create`. */
  action: string;
  /** To what. */
  subject: string;
  outcome: 'succeeded' | 'failed' | 'refused';
  /** More about it; its members depend on the action. Secrets are masked. */
  detail: Record<string, unknown> | null;
  /** How it was before, where that makes sense. */
  before: Record<string, unknown> | null;
  /** How it is since. */
  after: Record<string, unknown> | null;
  /** The id under which the log knows the request. */
  requestId: string;
}

/** Part of the audit log, newest first. */
export class AuditPage {
  items: AuditEvent[];
  /** Ask for the next page with it; null at the end. */
  nextCursor: string | null;
}
