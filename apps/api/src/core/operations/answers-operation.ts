import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse } from '@nestjs/swagger';
import { Operation } from './operation.dto.ts';

/** Describes a route that answers with {@link answerOperation}. */
export function AnswersOperation(): MethodDecorator {
  return applyDecorators(
    HttpCode(200),
    ApiOkResponse({ type: Operation, description: 'It is done; `outcome` says what fail2ban reported.' }),
    ApiAcceptedResponse({
      type: Operation,
      description: 'It goes on. `Location` is where the outcome can be read; events tell its progress.',
    }),
  );
}
