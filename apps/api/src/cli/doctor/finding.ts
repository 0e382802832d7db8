import { type Fail2banClient } from '@bangui/fail2ban';
import { type Settings } from '../../core/config/settings.ts';

/** How bad it is: `warning` is for what works in part, `problem` for what does not work. */
export type FindingState = 'ok' | 'warning' | 'problem';

/** One thing that was looked at. */
export interface Finding {
  /** What it is about, such as `socket`. */
  readonly check: string;
  readonly state: FindingState;
  /** What is so: one line. May hold words of others: text, never markup. */
  readonly found: string;
  /** What to do; absent when it is fine. */
  readonly remedy?: string;
}

/** What the checks look at. */
export interface Place {
  readonly settings: Settings;
  readonly client: Fail2banClient;
  /** Environment of the command. */
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** One of the checks; it only looks. Whatever it rejects with becomes a problem. */
export interface Check {
  readonly name: string;
  readonly look: (place: Place) => Promise<readonly Finding[]>;
}

/** Longest time of a check, in milliseconds. */
export const checkLimitMs = 3_000;
/** Longest time of one question within a check, so that its own words come before those of the limit. */
export const askLimitMs = 2_500;
const maxShown = 300;

/** Words of others on one line: at most 300 characters, without control and direction characters. */
export function shown(text: string): string {
  const line = text
    .slice(0, maxShown)
    .toWellFormed()
    .replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, ' ');
  return text.length > maxShown ? `${line}…` : line;
}

/** Makes the findings of a check. */
export function finder(check: string): {
  readonly ok: (found: string) => Finding;
  readonly warning: (found: string, remedy: string) => Finding;
  readonly problem: (found: string, remedy: string) => Finding;
} {
  return {
    ok: (found) => ({ check, state: 'ok', found: shown(found) }),
    warning: (found, remedy) => ({ check, state: 'warning', found: shown(found), remedy: shown(remedy) }),
    problem: (found, remedy) => ({ check, state: 'problem', found: shown(found), remedy: shown(remedy) }),
  };
}

/** The message of whatever was thrown. */
export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** The findings of a check; after 3 s the one that it takes too long. Never rejects. */
export async function lookAt({ name, look }: Check, place: Place): Promise<readonly Finding[]> {
  const { problem } = finder(name);
  const { promise: late, resolve } = Promise.withResolvers<readonly Finding[]>();
  const timer = setTimeout(
    () =>
      resolve([
        problem(
          `No answer within ${checkLimitMs / 1000} s.`,
          'See whether the disk or the server it is about hangs, then run this again.',
        ),
      ]),
    checkLimitMs,
  );
  try {
    return await Promise.race([look(place), late]);
  } catch (error) {
    return [problem(reasonOf(error), 'The reason is what the system answered; mend that, then run this again.')];
  } finally {
    clearTimeout(timer);
  }
}
