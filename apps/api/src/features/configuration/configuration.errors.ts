import { AppError, type FieldProblem } from '../../core/http/app-error.ts';

/** Somebody else is changing the configuration. */
export class ConfigurationBusy extends AppError {
  readonly code = 'configuration-busy';
  readonly status = 409;
  constructor(actor: string) {
    super(`${actor} is changing the configuration at this moment. Try again when that is done.`, {
      headers: { 'retry-after': '5' },
    });
  }
}

/** A change was interrupted and could not be undone, so no other may begin. */
export class ConfigurationStuck extends AppError {
  readonly code = 'configuration-stuck';
  readonly status = 409;
  constructor(problem: string) {
    super(`An interrupted change has to be put right first: ${problem}`);
  }
}

/** A file is not as it was when whoever changes it read it. */
export class ConfigurationOutdated extends AppError {
  readonly code = 'configuration-outdated';
  readonly status = 412;
  constructor(paths: readonly string[]) {
    super(
      'It was changed by somebody else meanwhile. Nothing was overwritten: load it anew and make the change again.',
      {
        errors: paths.map((path) => ({
          field: path,
          message: 'was changed meanwhile',
          code: 'configuration-outdated',
        })),
      },
    );
  }
}

/** BanGUI does not change such a file. */
export class PathNotOurs extends AppError {
  readonly code = 'path-not-ours';
  readonly status = 422;
  constructor(path: string) {
    super(
      `BanGUI does not write ${path.slice(0, 200)}. Files that come with fail2ban stay as they are, and others are yours until you hand them over.`,
    );
  }
}

/** BanGUI changes no jail of such a name. */
export class JailNameUnwritable extends AppError {
  readonly code = 'jail-name-unwritable';
  readonly status = 422;
  constructor(name: string) {
    super(
      `BanGUI changes no jail named ${JSON.stringify(name.slice(0, 100))}: names have letters, digits, "_", "." and "-", at most 64.`,
    );
  }
}

/** Something has no such name. */
export class ConfigurationUnknown extends AppError {
  readonly code = 'configuration-unknown';
  readonly status = 404;
  constructor(what: string) {
    super(`The configuration has no ${what}.`);
  }
}

/** The change would not do. Nothing was written. */
export class ChangeRefused extends AppError {
  readonly code = 'change-refused';
  readonly status = 422;
  constructor(errors: readonly FieldProblem[]) {
    super('The change was not made: fail2ban would not take it. Nothing was written, every jail goes on as it is.', {
      errors,
    });
  }
}

/** The requester has begun as many changes as are kept. */
export class TooManyDrafts extends AppError {
  readonly code = 'too-many-drafts';
  readonly status = 422;
  constructor(limit: number) {
    super(`You have begun ${limit} changes and applied none of them. Apply or discard one, then another is kept.`, {
      extras: { limit },
    });
  }
}

/** Nothing would change. */
export class NothingToChange extends AppError {
  readonly code = 'nothing-to-change';
  readonly status = 422;
  constructor() {
    super('Everything is like that already. Nothing was written.');
  }
}

/** A command that root runs would change, and the password did not come with it. */
export class PasswordNeeded extends AppError {
  readonly code = 'password-needed';
  readonly status = 403;
  constructor() {
    super('This changes a command that fail2ban runs as root. Send your password with it.');
  }
}

/** fail2ban did not become what the change means, so it was undone. */
export class ChangeUndone extends AppError {
  readonly code = 'change-undone';
  readonly status = 409;
  constructor(reason: string, { isRestored }: { readonly isRestored: boolean }, cause?: unknown) {
    super(
      isRestored
        ? `The change was undone: ${reason} The files are as they were, and every jail was read back.`
        : `The change was undone: ${reason} The files are as they were, but not every jail could be read back as before.`,
      { extras: { isRestored }, cause },
    );
  }
}

/** The files could not be written. */
export class ConfigurationUnwritable extends AppError {
  readonly code = 'configuration-unwritable';
  readonly status = 503;
  constructor(path: string, cause: unknown) {
    const words = cause instanceof Error ? cause.message : 'the reason is not known';
    super(`${path} cannot be written, so nothing was changed: ${words}`, { cause });
  }
}
