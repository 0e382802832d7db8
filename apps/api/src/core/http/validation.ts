import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { getMetadataStorage } from 'class-validator';
import { AppError, type FieldParams, type FieldProblem } from './app-error.ts';

/** A request whose members are missing, wrong or unknown. */
export class InvalidRequest extends AppError {
  readonly code = 'invalid-request';
  readonly status = 400;
  constructor(errors: readonly FieldProblem[]) {
    super('The request is not valid.', { errors });
  }
}

/** Most problems told at once; a hostile request could hold thousands. */
const maxProblems = 100;

/** The code of a check that has one of its own beside its message: `Matches(…, { message, context: { code } })`. */
function ownCode(error: ValidationError, check: string): string | undefined {
  const context: unknown = error.contexts?.[check];
  if (typeof context !== 'object' || context === null || !('code' in context)) return undefined;
  return typeof context.code === 'string' ? context.code : undefined;
}

/** `isLength` is `is-length`. */
const kebabCase = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** The bounds that a check was declared with; class-validator tells them in the message only. */
function paramsOf({ target, property }: ValidationError, check: string): { params?: FieldParams } {
  if (target === undefined) return {};
  const declared = getMetadataStorage()
    .getTargetValidationMetadatas(target.constructor, '', false, false)
    .find(({ name, propertyName }) => name === check && propertyName === property);
  const constraints: unknown[] = Array.isArray(declared?.constraints) ? declared.constraints : [];
  const limits = constraints.filter((one) => typeof one === 'number');
  return limits.length === 0 ? {} : { params: { limits } };
}

/** Flattens the checks' findings into paths such as `addresses.0`. */
export function fieldProblems(errors: readonly ValidationError[], parent = ''): FieldProblem[] {
  return errors
    .flatMap((error) => {
      const field = `${parent}${error.property}`.slice(0, 200);
      const own = Object.entries(error.constraints ?? {}).map(([check, message]) => ({
        field,
        message: message.slice(0, 300),
        code: ownCode(error, check) ?? kebabCase(check),
        ...paramsOf(error, check),
      }));
      return [...own, ...fieldProblems(error.children ?? [], `${field}.`)];
    })
    .slice(0, maxProblems);
}

/** Checks every request against its class: unknown members are refused, query texts become numbers where declared. */
export function validationPipe(): ValidationPipe {
  return new ValidationPipe({
    transform: true,
    whitelist: true,
    forbidNonWhitelisted: true,
    stopAtFirstError: true,
    // The class is where the bounds of its checks are found.
    validationError: { target: true, value: false },
    exceptionFactory: (errors) => new InvalidRequest(fieldProblems(errors)),
  });
}
