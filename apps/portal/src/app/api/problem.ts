import { HttpErrorResponse } from '@angular/common/http';

/** One field that the API refused, named as in the request: `addresses.0`, `password`, `sshd.bantime`. */
export interface FieldProblem {
  readonly field: string;
  /** The API's own words, in English. */
  readonly message: string;
  /** Stable; empty when the API gave none. */
  readonly code: string;
  /** Bounds that the code is about: the least and the most, or the one there is. */
  readonly limits: readonly number[];
  /** The refused text where the API names it; a better label for a person than `addresses.0`. */
  readonly value: string | null;
}

/**
 * What went wrong with a request, as the portal knows it: the API's problem+json, or its own word when no answer came.
 * `code` is stable and the only thing to switch on; `unreachable` and `unexpected` are the portal's own.
 */
export interface Problem {
  readonly code: string;
  readonly status: number;
  readonly detail: string;
  readonly errors: readonly FieldProblem[];
  /** Seconds the API asks to wait before the next try. */
  readonly retryAfter: number | null;
}

/** A failed request that was already understood. */
export class ProblemError extends Error {
  constructor(readonly problem: Problem) {
    super(problem.detail);
  }
}

/** Reads whatever a request threw. Trusts nothing about the shape: a proxy may have answered with HTML. */
export function problemOf(error: unknown): Problem {
  if (error instanceof ProblemError) return error.problem;
  if (!(error instanceof HttpErrorResponse)) {
    const cause = error instanceof Error ? error.cause : undefined;
    if (cause instanceof HttpErrorResponse) return problemOf(cause);
    return { code: 'unexpected', status: 0, detail: String(error), errors: [], retryAfter: null };
  }
  const body: unknown = typeof error.error === 'string' ? parsed(error.error) : error.error;
  const fields = isRecord(body) ? body : {};
  const code = typeof fields['code'] === 'string' ? fields['code'] : codeOf(error.status);
  const wait = Number(error.headers.get('Retry-After'));
  return {
    code,
    status: error.status,
    detail: typeof fields['detail'] === 'string' ? fields['detail'] : '',
    errors: fieldProblemsOf(fields['errors']),
    retryAfter: Number.isFinite(wait) && wait > 0 ? wait : null,
  };
}

function codeOf(status: number): string {
  return status === 0 || (status >= 502 && status <= 504) ? 'unreachable' : 'unexpected';
}

function parsed(text: string): unknown {
  // A proxy's HTML is no JSON, and then there is nothing to read from it.
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** The entries of `errors` that are of that shape. */
export function fieldProblemsOf(errors: unknown): FieldProblem[] {
  return Array.isArray(errors) ? errors.flatMap(fieldProblems) : [];
}

/** One entry of `errors`; none when it is not of that shape. */
function fieldProblems(entry: unknown): FieldProblem[] {
  if (!isRecord(entry)) return [];
  const { field, message, code } = entry;
  if (typeof field !== 'string' || typeof message !== 'string') return [];
  const { limits, value } = isRecord(entry['params']) ? entry['params'] : {};
  return [
    {
      field,
      message,
      code: typeof code === 'string' ? code : '',
      limits: Array.isArray(limits) ? limits.filter((limit) => typeof limit === 'number') : [],
      value: typeof value === 'string' ? value : null,
    },
  ];
}
