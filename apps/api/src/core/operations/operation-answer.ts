import { type Operation } from './operation.dto.ts';

/** The part of Fastify's reply that an answer needs. */
export interface StatusReply {
  code(status: number): unknown;
  header(name: string, value: string): unknown;
}

/**
 * Answers a request with its operation: 200 when it is done, else 202 and `Location`, where the outcome can be read
 * later.
 */
export function answerOperation(reply: StatusReply, operation: Operation): Operation {
  if (operation.status === 'running') {
    reply.code(202);
    reply.header('location', `/api/v1/operations/${operation.id}`);
  } else {
    reply.code(200);
  }
  return operation;
}
