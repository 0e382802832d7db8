import { AppError, type FieldProblem } from '../http/app-error.ts';
import { type OperationError, type OperationFieldError } from './operation.dto.ts';

/** Field errors kept of one failure. */
const maxErrors = 100;

/** What is kept of a failure: of one that the caller can act on everything that its answer would hold, of a bug nothing. */
export function operationErrorOf(failure: unknown): OperationError {
  if (!(failure instanceof AppError)) {
    return withoutMembers('internal-error', 'Something went wrong inside BanGUI; the log has the cause.');
  }
  const { code, message, status, errors = [], headers = {}, extras = {} } = failure;
  const wait = Number(Object.entries(headers).find(([name]) => name.toLowerCase() === 'retry-after')?.[1]);
  return {
    ...{ code, detail: message, status, extras: { ...extras } },
    errors: errors.slice(0, maxErrors).map(fieldErrorOf),
    retryAfter: Number.isFinite(wait) && wait > 0 ? wait : null,
  };
}

function fieldErrorOf({ params, ...error }: FieldProblem): OperationFieldError {
  if (!params) return error;
  const { limits, ...others } = params;
  return { ...error, params: { ...others, ...(limits && { limits: [...limits] }) } };
}

/** A failure of which there is only a sentence. */
export function withoutMembers(code: string, detail: string): OperationError {
  return { code, detail, status: 500, errors: [], retryAfter: null, extras: {} };
}
