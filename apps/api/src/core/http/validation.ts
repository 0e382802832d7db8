import { type ValidationError, ValidationPipe } from '@nestjs/common';
import { AppError, type FieldProblem } from './app-error.ts';

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

/** Flattens the checks' findings into paths such as `addresses.0`. */
export function fieldProblems(errors: readonly ValidationError[], parent = ''): FieldProblem[] {
  return errors
    .flatMap((error) => {
      const field = `${parent}${error.property}`.slice(0, 200);
      const own = Object.values(error.constraints ?? {}).map((message) => ({ field, message: message.slice(0, 300) }));
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
    validationError: { target: false, value: false },
    exceptionFactory: (errors) => new InvalidRequest(fieldProblems(errors)),
  });
}
