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

/** Why an operation failed. */
export class OperationError {
  /** Stable code, the same that a problem answer has. */
  code: string;
  detail: string;
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
