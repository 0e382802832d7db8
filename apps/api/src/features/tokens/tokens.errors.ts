import { AppError } from '../../core/http/app-error.ts';

/** The request carries no token, or one that is unknown, revoked or expired; it is not told which. */
export class TokenInvalid extends AppError {
  readonly code = 'token-invalid';
  readonly status = 401;
  constructor(scheme: 'Basic' | 'Bearer') {
    super('Send an API token that is valid: `Authorization: Bearer bgt_…`.', {
      headers: { 'WWW-Authenticate': `${scheme} realm="BanGUI"` },
    });
  }
}

/** The token is valid, but was not made for this. */
export class TokenScopeMissing extends AppError {
  readonly code = 'token-scope-missing';
  readonly status = 403;
  constructor(scope: string) {
    super(`This token may not do that: it does not have the scope ${scope}.`);
  }
}

/** Too many wrong tokens came from one address. */
export class TooManyWrongTokens extends AppError {
  readonly code = 'too-many-attempts';
  readonly status = 429;
  constructor(
    /** Seconds until the next attempt is worth it, at least 1. */
    retryAfter: number,
  ) {
    super(`Too many wrong tokens. Try again in ${retryAfter} seconds.`, {
      headers: { 'Retry-After': String(retryAfter) },
      extras: { retryAfter },
    });
  }
}

/** No token has this id. */
export class TokenUnknown extends AppError {
  readonly code = 'token-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such token.');
  }
}

/** A token that would have expired before it was made. */
export class TokenExpiryPast extends AppError {
  readonly code = 'token-expiry-past';
  readonly status = 422;
  constructor() {
    super('The token would have expired already.', {
      errors: [{ field: 'expiresAt', message: 'must be in the future', code: 'expires-in-past' }],
    });
  }
}

/** There are as many tokens as there can be. */
export class TooManyTokens extends AppError {
  readonly code = 'too-many-tokens';
  readonly status = 409;
  constructor(most: number) {
    super(`There can be at most ${most} tokens. Revoke those that are no longer used.`);
  }
}
