import { AppError, type FieldProblem } from '../../core/http/app-error.ts';
import { grouped } from '../../core/grouped.ts';

/** What must never be banned is not known, so nothing may be banned. */
export class AllowlistUnreadable extends AppError {
  readonly code = 'allowlist-unreadable';
  readonly status = 503;
  constructor(cause: unknown) {
    super('The allowlist cannot be read. As long as it is not known what must never be banned, nothing is banned.', {
      cause,
    });
  }
}

/** No entry has this id. */
export class AllowlistEntryUnknown extends AppError {
  readonly code = 'allowlist-entry-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such entry on the allowlist.');
  }
}

/** Some of what was asked for cannot be put on the allowlist. */
export class AllowlistRefused extends AppError {
  readonly code = 'allowlist-refused';
  readonly status = 422;
  constructor(errors: readonly FieldProblem[]) {
    super('This cannot be put on the allowlist. Nothing was changed.', { errors });
  }
}

/** Some of it is on the allowlist already. */
export class AlreadyAllowlisted extends AppError {
  readonly code = 'already-allowlisted';
  readonly status = 409;
  constructor(errors: readonly FieldProblem[]) {
    super(
      errors.length === 1
        ? 'One of them is on the allowlist already. Nothing was added.'
        : `${errors.length} of them are on the allowlist already. Nothing was added.`,
      { errors },
    );
  }
}

/** The allowlist has as many entries as it can hold. */
export class AllowlistFull extends AppError {
  readonly code = 'allowlist-full';
  readonly status = 409;
  constructor(most: number) {
    super(`The allowlist holds at most ${grouped(most)} entries. Remove some first, or use networks.`);
  }
}

/** More entries would be pushed than jails can be made to ignore. */
export class TooManyPushed extends AppError {
  readonly code = 'too-many-pushed';
  readonly status = 409;
  constructor(most: number) {
    super(`At most ${grouped(most)} entries can be pushed to fail2ban, because every jail looks through all of them.`);
  }
}
