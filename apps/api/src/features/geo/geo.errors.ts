import { AppError } from '../../core/http/app-error.ts';

/** The text in the path is not one address. */
export class AddressUnreadable extends AppError {
  readonly code = 'address-invalid';
  readonly status = 422;
  constructor() {
    super('That is not an IP address. A name is looked up for one address, not for a network.', {
      errors: [{ field: 'address', message: 'is not an IP address', code: 'address-invalid' }],
    });
  }
}

/** No name server said whether the address has a name. */
export class ReverseNameUnanswered extends AppError {
  readonly code = 'reverse-name-unanswered';
  readonly status = 504;
  constructor(options: { cause?: unknown } = {}) {
    super('No name server answered in time, so nobody knows whether the address has a name.', options);
  }
}

/** Too many names are being looked up at this moment. */
export class ReverseNamesBusy extends AppError {
  readonly code = 'reverse-names-busy';
  readonly status = 503;
  constructor() {
    super('Too many names are being looked up. Try again in a moment.', { headers: { 'Retry-After': '2' } });
  }
}
