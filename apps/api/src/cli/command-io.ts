/** Where a command reads and writes. */
export interface CommandIo {
  /** One line of what was asked for. */
  out(line: string): void;
  /** One line about it, for people. */
  tell(line: string): void;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command was not understood; its message says what there is. */
export class BadUsage extends Error {}

/** Exit status for a command that was not understood, as sysexits.h names it (EX_USAGE). */
export const usageExitCode = 64;
