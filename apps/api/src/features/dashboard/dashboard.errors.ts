import { AppError } from '../../core/http/app-error.ts';

/** A range of time that makes no sense. */
export class RangeInvalid extends AppError {
  readonly code = 'invalid-request';
  readonly status = 400;
  constructor(field: string, message: string) {
    super('The request is not valid.', { errors: [{ field, message, code: 'invalid' }] });
  }
}
