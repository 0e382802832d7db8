import { AppError, type FieldProblem } from '../../core/http/app-error.ts';

/** Problems listed in one answer; whoever has more has pasted the wrong thing. */
const maxListed = 100;

/** A line is neither an address nor a network. */
export class AddressInvalid extends AppError {
  readonly code = 'address-invalid';
  readonly status = 422;
  constructor(errors: readonly FieldProblem[]) {
    super(
      errors.length === 1
        ? 'One entry is neither an address nor a network. Nothing was changed.'
        : `${errors.length} entries are neither addresses nor networks. Nothing was changed.`,
      { errors: errors.slice(0, maxListed) },
    );
  }
}

/** Banning this would lock somebody out who must get in. */
export class LockoutRefused extends AppError {
  readonly code = 'lockout-guard';
  readonly status = 422;
  constructor(errors: readonly FieldProblem[]) {
    super('This would lock out you, the machine itself, or somebody on the allowlist. Nothing was banned.', {
      errors: errors.slice(0, maxListed),
    });
  }
}

/** The ranges given stand for too many networks. */
export class TooManyAddresses extends AppError {
  readonly code = 'too-many-addresses';
  readonly status = 422;
  constructor(most: number) {
    super(`That is more than ${most} addresses and networks. A longer list does not belong into a jail.`, {
      errors: [
        {
          field: 'addresses',
          message: `must not stand for more than ${most} addresses and networks`,
          code: 'too-many-addresses',
          params: { limits: [most] },
        },
      ],
    });
  }
}

/** The cursor did not come from this list. */
export class CursorInvalid extends AppError {
  readonly code = 'cursor-invalid';
  readonly status = 400;
  constructor(options: { cause?: unknown } = {}) {
    super('The cursor is not one of this list. Start at the first page.', {
      errors: [{ field: 'cursor', message: 'is not a cursor of this list', code: 'cursor-invalid' }],
      ...options,
    });
  }
}
