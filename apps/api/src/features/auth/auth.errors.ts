import { AppError, type FieldProblem } from '../../core/http/app-error.ts';

/** The request carries no session, or one that has ended. */
export class NotSignedIn extends AppError {
  readonly code = 'not-signed-in';
  readonly status = 401;
  constructor() {
    super('Sign in first.');
  }
}

/** A changing request came without the header that only our own pages send. */
export class RequestHeaderMissing extends AppError {
  readonly code = 'request-header-missing';
  readonly status = 403;
  constructor() {
    super(
      'Changing requests need the header `X-BanGUI-Request: 1`. It proves that the request was not made by another site.',
    );
  }
}

/** Name and password do not belong together. It is not told which of them is wrong. */
export class CredentialsWrong extends AppError {
  readonly code = 'credentials-wrong';
  readonly status = 401;
  constructor() {
    super('The user name or the password is wrong.');
  }
}

/** The current password was given wrongly. */
export class CurrentPasswordWrong extends AppError {
  readonly code = 'current-password-wrong';
  readonly status = 422;
  constructor() {
    super('The current password is wrong.', {
      errors: [{ field: 'currentPassword', message: 'is wrong', code: 'wrong' }],
    });
  }
}

/** Too many wrong attempts from one address or on one account. */
export class TooManyAttempts extends AppError {
  readonly code = 'too-many-attempts';
  readonly status = 429;
  constructor(
    /** Seconds until the next attempt is worth it, at least 1. */
    retryAfter: number,
  ) {
    super(`Too many attempts. Try again in ${retryAfter} seconds.`, {
      headers: { 'Retry-After': String(retryAfter) },
      extras: { retryAfter },
    });
  }
}

/** The session cookie would be dropped by the browser, so signing in would only loop. */
export class InsecureTransport extends AppError {
  readonly code = 'insecure-transport';
  readonly status = 400;
  constructor() {
    super(
      'BanGUI is being used over plain http from another machine, where the password could be read and the browser drops the session. ' +
        'Serve it over TLS behind a proxy that is named in BANGUI_TRUSTED_PROXIES, or open it through a tunnel such as ' +
        '`ssh -L 8000:127.0.0.1:8000 server`, or, on a network you trust, set BANGUI_SESSION_COOKIE_SECURE=false.',
    );
  }
}

/** A password that must not be used. */
export class PasswordRefused extends AppError {
  readonly code = 'password-refused';
  readonly status = 422;
  constructor(problem: FieldProblem) {
    super(`The password ${problem.message}.`, { errors: [problem] });
  }
}

/** Another user has the name, in whatever case. */
export class UsernameTaken extends AppError {
  readonly code = 'username-taken';
  readonly status = 409;
  constructor() {
    super('There is a user of this name already.', {
      errors: [{ field: 'username', message: 'is taken', code: 'taken' }],
    });
  }
}

/** No administrator has this id. */
export class AdministratorUnknown extends AppError {
  readonly code = 'administrator-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such administrator.');
  }
}

/** Somebody tried to delete their own account. */
export class OwnAccount extends AppError {
  readonly code = 'own-account';
  readonly status = 409;
  constructor() {
    super('You cannot delete your own account; another administrator can.');
  }
}

/** Without an administrator nobody could sign in any more. */
export class LastAdministrator extends AppError {
  readonly code = 'last-administrator';
  readonly status = 409;
  constructor() {
    super('The last administrator cannot be deleted.');
  }
}

/** The requester has no such session. */
export class SessionUnknown extends AppError {
  readonly code = 'session-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such session of yours.');
  }
}
