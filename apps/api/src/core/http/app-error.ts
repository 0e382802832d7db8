/** What a field's message is about. */
export interface FieldParams {
  /** Bounds of the check: the least and the most where there are two, else the one. */
  readonly limits?: readonly number[];
  /** The refused text, where the message names it. */
  readonly value?: string;
}

/** One invalid field of a request. `field` is a path such as `addresses.0`. */
export interface FieldProblem {
  readonly field: string;
  /** For a person, in English. */
  readonly message: string;
  /** Stable, kebab-case: says the same as the message. The name of the check (`is-length`), or the rule's own. */
  readonly code: string;
  readonly params?: FieldParams;
}

/** What an {@link AppError} may carry beside its sentence. */
export interface AppErrorOptions {
  readonly errors?: readonly FieldProblem[];
  /** Response headers, for example `Retry-After`. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Further members of the problem document. They never replace a standard member. */
  readonly extras?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/**
 * A failure the caller can act on. It leaves as `application/problem+json` with its `code` and `status`; the message
 * becomes `detail`, so it is written for the person who reads it and holds no secret.
 * Everything else that is thrown is a bug and answers 500 without a detail.
 */
export abstract class AppError extends Error {
  /** Stable, kebab-case; the portal switches on it. */
  abstract readonly code: string;
  /** HTTP status, 400..599. */
  abstract readonly status: number;
  readonly errors: readonly FieldProblem[] | undefined;
  readonly headers: Readonly<Record<string, string>> | undefined;
  readonly extras: Readonly<Record<string, unknown>> | undefined;

  constructor(message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.errors = options.errors;
    this.headers = options.headers;
    this.extras = options.extras;
  }
}
