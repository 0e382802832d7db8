import { type CallHandler, type ExecutionContext, Injectable, type NestInterceptor } from '@nestjs/common';
import {
  AnswerNotUnderstood,
  BadArgument,
  Fail2banAborted,
  Fail2banOffline,
  Fail2banRefused,
  Fail2banTimeout,
} from '@bangui/fail2ban';
import { catchError, type Observable, throwError } from 'rxjs';
import { AppError } from '../http/app-error.ts';

/** fail2ban could not do what was asked, or was asked wrongly. The code is the client library's. */
export class Fail2banProblem extends AppError {
  constructor(
    readonly code: string,
    readonly status: 400 | 409 | 502 | 503 | 504,
    message: string,
    options: { cause?: unknown; field?: string } = {},
  ) {
    super(message, {
      cause: options.cause,
      ...(options.field !== undefined && { errors: [{ field: options.field, message, code }] }),
    });
  }
}

/** Turns a failure of the client library into one that a caller can act on; everything else is returned as it is. */
export function asAppError(error: unknown): Error {
  if (error instanceof Fail2banOffline) {
    return new Fail2banProblem('fail2ban-offline', 503, 'fail2ban cannot be reached.', { cause: error });
  }
  if (error instanceof Fail2banTimeout || error instanceof Fail2banAborted) {
    return new Fail2banProblem('fail2ban-timeout', 504, 'fail2ban did not answer in time.', { cause: error });
  }
  if (error instanceof Fail2banRefused) {
    return new Fail2banProblem('fail2ban-refused', 409, `fail2ban refused: ${error.message}`, { cause: error });
  }
  if (error instanceof BadArgument) {
    return new Fail2banProblem('bad-argument', 400, error.message, { cause: error, field: error.field });
  }
  if (error instanceof AnswerNotUnderstood) {
    return new Fail2banProblem('fail2ban-answer', 502, 'fail2ban gave an answer that BanGUI does not understand.', {
      cause: error,
    });
  }
  return error instanceof Error ? error : new Error('Something was thrown that is no error.', { cause: error });
}

/** Lets failures of the client library leave as problem+json. For controllers that talk to fail2ban. */
@Injectable()
export class Fail2banProblems implements NestInterceptor {
  intercept(_context: ExecutionContext, next: CallHandler): Observable<unknown> {
    return next.handle().pipe(catchError((error: unknown) => throwError(() => asAppError(error))));
  }
}
