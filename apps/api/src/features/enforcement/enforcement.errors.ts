import { AppError } from '../../core/http/app-error.ts';
import { grouped } from '../../core/grouped.ts';

/** Enforcers are not what enforces the lists here. */
export class EnforcersNotUsed extends AppError {
  readonly code = 'enforcers-not-used';
  readonly status = 409;
  constructor(backend: string) {
    super(`Lists are not enforced by enforcers here: BANGUI_ENFORCEMENT is ${backend}.`);
  }
}

/** There are as many enforcers as there can be. */
export class TooManyEnforcers extends AppError {
  readonly code = 'too-many-enforcers';
  readonly status = 409;
  constructor(most: number) {
    super(`There can be at most ${grouped(most)} enforcers.`);
  }
}

/** What an enforcer is called belongs to the token that reported it first, for as long as that token may be used. */
export class EnforcerTaken extends AppError {
  readonly code = 'enforcer-taken';
  readonly status = 409;
  constructor(name: string) {
    super(
      `Another token reports the enforcer ${JSON.stringify(name)}. Use that token, revoke it, or choose another name with BANGUI_ENFORCER_NAME.`,
    );
  }
}

/** No enforcer waits to be confirmed. */
export class NothingToConfirm extends AppError {
  readonly code = 'nothing-to-confirm';
  readonly status = 409;
  constructor() {
    super(
      'No enforcer waits for a confirmation. If it was too late, everything was removed again: resync, then confirm in time.',
    );
  }
}
