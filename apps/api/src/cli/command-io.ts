/** Where a command reads and writes. */
export interface CommandIo {
  /** One line of what was asked for. */
  out(line: string): void;
  /** One line about it, for people. */
  tell(line: string): void;
  /** The first line of what is given to the command, at most 4,096 characters of it; empty when there is none. */
  readLine(): Promise<string>;
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** The command was not understood; its message says what there is. */
export class BadUsage extends Error {}

/** Exit status for a command that was not understood, as sysexits.h names it (EX_USAGE). */
export const usageExitCode = 64;
