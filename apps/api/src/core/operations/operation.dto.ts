/** What an operation does. */
export type OperationKind =
  'ban' | 'unban' | 'unban-all' | 'reload' | 'restart' | 'start' | 'stop' | 'idle' | 'prove' | 'import' | 'configure';

/** Where an operation stands. */
export type OperationStatus = 'running' | 'succeeded' | 'failed';

/** How far an operation has come, in the unit of its kind (addresses for bans). */
export class OperationProgress {
  done: number;
  total: number;
}

/** What a field's message is about. */
export class OperationFieldParams {
  /** Bounds of the check: the least and the most where there are two, else the one. */
  limits?: number[];
  /** The refused text, where the message names it. */
  value?: string;
}

/** One part of what was asked that an operation failed over. */
export class OperationFieldError {
  /** A path in the request, or a place in the configuration: `web.failregex`. */
  field: string;
  /** For a person, in English. */
  message: string;
  /** Stable: says the same as the message. */
  code: string;
  params?: OperationFieldParams;
}

/** Why an operation failed: what the problem answer would have said, had it failed while the request waited. */
export class OperationError {
  /** Stable code, the same that a problem answer has. */
  code: string;
  detail: string;
  /** HTTP status of that answer. */
  status: number;
  /** At most 100. */
  errors: OperationFieldError[];
  /** Seconds to wait before the next try; null when that would not help. */
  retryAfter: number | null;
  /** Its further members; which ones depends on the code. */
  extras: Record<string, unknown>;
}

/** A change that fail2ban carries out, which may outlast the request that asked for it. */
export class Operation {
  id: string;
  kind: OperationKind;
  status: OperationStatus;
  /** Epoch milliseconds. */
  startedAt: number;
  /** Epoch milliseconds; null while it runs. */
  finishedAt: number | null;
  progress: OperationProgress | null;
  /** The jail it is about, or the blocklist of an import; null for all jails. */
  subject: string | null;
  /** What fail2ban reported and what was read back afterwards; its members depend on the kind. */
  outcome: Record<string, unknown> | null;
  error: OperationError | null;
}

/** The latest operations, newest first. */
export class OperationList {
  items: Operation[];
}
