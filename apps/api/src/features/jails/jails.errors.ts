import { type ConfigurationProblem } from '@bangui/fail2ban-config';
import { AppError } from '../../core/http/app-error.ts';

/** Problems listed in one answer. */
const maxListed = 100;

/** The configuration has faults that would disarm jails, so nothing of it was sent to fail2ban. */
export class ConfigurationBroken extends AppError {
  readonly code = 'configuration-broken';
  readonly status = 422;
  constructor(problems: readonly ConfigurationProblem[]) {
    super('The configuration has faults. Nothing was sent to fail2ban, every jail goes on as it is.', {
      errors: problems.slice(0, maxListed).map(({ jail, option, message }) => ({
        field: [jail, option].filter((part) => part !== null).join('.') || 'configuration',
        message,
        // The words are fail2ban's own.
        code: 'configuration-fault',
      })),
    });
  }
}

/** The configuration cannot be checked, so nothing of it is sent to fail2ban. */
export class ConfigurationUnreadable extends AppError {
  readonly code = 'configuration-unreadable';
  readonly status = 503;
  constructor(cause: unknown) {
    super(`The configuration cannot be checked, so nothing was sent to fail2ban. ${wordsOf(cause)}`, { cause });
  }
}

/** The server has the jail, but the configuration does not enable it: loading it again would remove it. */
export class JailNotConfigured extends AppError {
  readonly code = 'jail-not-configured';
  readonly status = 409;
  constructor(name: string) {
    super(`The configuration does not enable ${name}. Nothing was sent to fail2ban.`);
  }
}

/** What went wrong, for a person. */
export function wordsOf(error: unknown): string {
  return error instanceof Error ? error.message.slice(0, 500) : 'The reason is not known.';
}
