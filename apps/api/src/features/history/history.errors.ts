import { AppError } from '../../core/http/app-error.ts';

/** The event to go on after is no longer there. */
export class HistoryGone extends AppError {
  readonly code = 'history-gone';
  readonly status = 410;
  constructor(id: number) {
    super(`Event ${id} is not in the archive, or no longer: it may have been purged. Start again from the newest.`);
  }
}

/** The archive knows nothing of an address. */
export class HistoryUnknown extends AppError {
  readonly code = 'history-unknown';
  readonly status = 404;
  constructor(address: string) {
    super(`The archive has no event of ${address}.`);
  }
}

/** A filter is not what it should be. */
export class HistoryFilterInvalid extends AppError {
  readonly code = 'invalid-request';
  readonly status = 400;
  constructor(field: string, message: string) {
    super('The request is not valid.', { errors: [{ field, message, code: 'invalid' }] });
  }
}
