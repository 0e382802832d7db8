import { AppError } from '../../core/http/app-error.ts';

/** Neither the server nor the configuration has this jail. */
export class JailUnknown extends AppError {
  readonly code = 'jail-unknown';
  readonly status = 404;
  constructor(name: string) {
    super(`There is no jail ${name}.`, { errors: [{ field: 'jail', message: 'is unknown', code: 'jail-unknown' }] });
  }
}
