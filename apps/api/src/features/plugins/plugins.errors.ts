import { AppError } from '../../core/http/app-error.ts';

/** No plugin has this id. */
export class PluginUnknown extends AppError {
  readonly code = 'plugin-unknown';
  readonly status = 404;
  constructor() {
    super('There is no plugin with this id.');
  }
}
