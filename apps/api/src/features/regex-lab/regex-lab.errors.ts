import { type RegexUnusable } from '@bangui/fail2ban-config';
import { AppError } from '../../core/http/app-error.ts';

/** fail2ban or Python cannot use a part of what was to be tried. */
export class RegexRefused extends AppError {
  readonly code = 'regex-refused';
  readonly status = 422;
  constructor({ part, index, message }: RegexUnusable) {
    super(`fail2ban cannot use this ${part}: ${message}`, {
      errors: [
        {
          field: index === null ? part : `${part}.${index}`,
          message,
          // The words are Python's or fail2ban's own.
          code: 'regex-fault',
        },
      ],
    });
  }
}

/** The run needed more memory than it gets. */
export class RegexTooLarge extends AppError {
  readonly code = 'regex-too-large';
  readonly status = 422;
  constructor(limitBytes: number) {
    super(`The run needed more than ${limitBytes / 1024 / 1024} MiB of memory and was ended.`, {
      extras: { limitBytes },
    });
  }
}

/** The run did not end in time. */
export class RegexTookTooLong extends AppError {
  readonly code = 'regex-too-slow';
  readonly status = 422;
  constructor(limitMs: number) {
    super(
      `The run was ended after ${limitMs / 1000} s. A regular expression tries too many ways to match one of the lines; fail2ban would stand still on it, too.`,
      { extras: { limitMs } },
    );
  }
}

/** As many runs as are allowed are going on. */
export class RegexLabBusy extends AppError {
  readonly code = 'regex-lab-busy';
  readonly status = 429;
  constructor(retryAfterSeconds: number) {
    super('Other runs are going on. Try again in a moment.', { headers: { 'Retry-After': String(retryAfterSeconds) } });
  }
}

/** No jail reads the log that was named. */
export class LogNotWatched extends AppError {
  readonly code = 'log-not-watched';
  readonly status = 422;
  constructor() {
    super('No jail reads this log. Only logs that a jail reads can be looked at.');
  }
}

/** The log cannot be read by BanGUI. */
export class LogUnreadable extends AppError {
  readonly code = 'log-unreadable';
  readonly status = 422;
  constructor(cause: unknown) {
    super(`The log cannot be read: ${cause instanceof Error ? cause.message : 'the reason is not known'}.`, { cause });
  }
}

/** Python or fail2ban cannot be run. */
export class RegexLabUnavailable extends AppError {
  readonly code = 'regex-lab-unavailable';
  readonly status = 503;
  constructor(cause: Error) {
    super(`fail2ban's own programs cannot be run. ${cause.message.slice(0, 500)}`, { cause });
  }
}
