import { AppError } from '../../core/http/app-error.ts';

/** There is an administrator already. */
export class SetupDone extends AppError {
  readonly code = 'setup-done';
  readonly status = 409;
  constructor() {
    super('BanGUI has an administrator already. Sign in instead.');
  }
}

/** The one-time code is missing or wrong. */
export class SetupCodeWrong extends AppError {
  readonly code = 'setup-code-wrong';
  readonly status = 403;
  constructor() {
    super("The one-time code is wrong. It is in BanGUI's log and in the file `setup-code` beside its database.", {
      errors: [{ field: 'code', message: 'is wrong', code: 'wrong' }],
    });
  }
}
