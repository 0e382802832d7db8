import { AppError, type FieldProblem } from '../../core/http/app-error.ts';
import { grouped } from '../../core/grouped.ts';

/** No list has this id. */
export class BlocklistUnknown extends AppError {
  readonly code = 'blocklist-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such blocklist.');
  }
}

/** No import has this id. */
export class ImportRunUnknown extends AppError {
  readonly code = 'import-run-unknown';
  readonly status = 404;
  constructor() {
    super('There is no such import any more.');
  }
}

/** No plugin has this id, or it was refused. */
export class PluginUnknown extends AppError {
  readonly code = 'plugin-unknown';
  readonly status = 422;
  constructor(id: string) {
    super(`There is no plugin ${id}, or it was refused.`, {
      errors: [{ field: 'plugin', message: 'is not available', code: 'plugin-unknown' }],
    });
  }
}

/** The plugin does not take these settings. */
export class SettingsRefused extends AppError {
  readonly code = 'settings-refused';
  readonly status = 422;
  constructor(errors: readonly FieldProblem[]) {
    super('The source does not take these settings. Nothing was changed.', { errors });
  }
}

/** There are as many lists as there can be. */
export class TooManyBlocklists extends AppError {
  readonly code = 'too-many-blocklists';
  readonly status = 409;
  constructor(most: number) {
    super(`There can be at most ${grouped(most)} blocklists.`);
  }
}

/** Nothing of this list waits for a decision. */
export class NothingHeld extends AppError {
  readonly code = 'nothing-held';
  readonly status = 409;
  constructor() {
    super('Nothing of this list waits for a decision. It may have been decided already.');
  }
}

/** The publisher has asked to be left alone for a while. */
export class AskedToWait extends AppError {
  readonly code = 'asked-to-wait';
  readonly status = 409;
  constructor(seconds: number) {
    super(`The publisher has asked not to be asked again for ${grouped(seconds)} seconds.`, {
      headers: { 'Retry-After': String(seconds) },
    });
  }
}

/** An import that somebody waits for failed, or the preview of one. */
export class ImportFailed extends AppError {
  readonly code: string;
  readonly status = 502;
  constructor(error: string, message: string) {
    super(message);
    this.code = `import-${error}`;
  }
}

/** Nobody runs imports: no instance holds the scheduler's lock. */
export class NobodyImports extends AppError {
  readonly code = 'nobody-imports';
  readonly status = 503;
  constructor() {
    super('No instance runs background tasks now, so the import waits until one does.');
  }
}

/** A preview took longer than a request may. */
export class PreviewTooSlow extends AppError {
  readonly code = 'preview-too-slow';
  readonly status = 504;
  constructor(seconds: number) {
    super(`The list did not come within ${grouped(seconds)} seconds. An import waits longer.`);
  }
}

/** What was asked for is no address. */
export class LookupInvalid extends AppError {
  readonly code = 'address-invalid';
  readonly status = 400;
  constructor() {
    super('This is no address and no network.', {
      errors: [{ field: 'address', message: 'is no address', code: 'address-invalid' }],
    });
  }
}

/** More lists than can be compared at once. */
export class TooManyToCompare extends AppError {
  readonly code = 'too-many-to-compare';
  readonly status = 422;
  constructor(most: number) {
    super(`At most ${grouped(most)} enabled lists can be compared with each other.`);
  }
}
