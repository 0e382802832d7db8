const LEVELS = ['debug', 'info', 'warn', 'error'] as const;

/** How urgent a line is. */
export type Level = (typeof LEVELS)[number];

/** Names of log lines. They are stable: alerts match on them. */
export type LogEvent =
  | 'enforcer_started'
  | 'enforcer_stopped'
  | 'enforcer_trial_started'
  | 'enforcer_trial_confirmed'
  | 'enforcer_trial_reverted'
  | 'wanted_received'
  | 'wanted_refused'
  | 'wanted_not_received'
  | 'wanted_restored'
  | 'wanted_not_restored'
  | 'wanted_applied'
  | 'wanted_not_applied'
  | 'drift_repaired'
  | 'report_not_sent'
  | 'state_not_kept'
  | 'protected_unknown';

/** Writes lines of JSON. */
export class Log {
  private readonly least: number;
  private readonly write: (line: string) => void;

  constructor(level: Level, write: (line: string) => void = (line) => process.stdout.write(`${line}\n`)) {
    this.least = LEVELS.indexOf(level);
    this.write = write;
  }

  /** Writes a line unless it is less urgent than what is asked for. */
  at(level: Level, event: LogEvent, fields: Readonly<Record<string, unknown>> = {}): void {
    if (LEVELS.indexOf(level) < this.least) return;
    this.write(JSON.stringify({ level, time: new Date().toISOString(), event, ...fields }));
  }
}

/** What went wrong, in one bounded line. */
export function wordsOf(error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  return text
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 500);
}
