import { AppError, type FieldProblem } from '../../../core/http/app-error.ts';

/** A setting cannot be this. Nothing was sent to fail2ban. */
export class ServerSettingInvalid extends AppError {
  readonly code = 'parameter-invalid';
  readonly status = 422;
  constructor(problem: FieldProblem, cause?: unknown) {
    super('A value is not possible. Nothing was changed.', { errors: [problem], cause });
  }
}

/** BanGUI was given no way to restart fail2ban. */
export class RestartNotPossible extends AppError {
  readonly code = 'restart-not-possible';
  readonly status = 409;
}

/** The program that restarts fail2ban failed, or fail2ban did not come back. */
export class RestartFailed extends AppError {
  readonly code = 'restart-failed';
  readonly status = 502;
  constructor(reason: string, options: { cause?: unknown } = {}) {
    super(`fail2ban was not restarted: ${reason}`, options);
  }
}
