import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { problemFor, problemType } from './problem.ts';

/** Longest path repeated in an answer or a log line. */
const maxPathLength = 200;

/** The path of a request without its query, which may hold secrets; bounded. */
export function pathOf(url: string): string {
  return (url.split('?', 1)[0] ?? '').slice(0, maxPathLength);
}

/** Every error leaves as `application/problem+json`. Bugs are logged with their cause. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly log: Log) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<FastifyRequest>();
    const reply = http.getResponse<FastifyReply>();
    const path = pathOf(request.url);
    const answer = problemFor(error, { id: request.id, path });
    if (answer.isBug) this.log.error(logEvents.requestFailed, { method: request.method, path, error });
    if (reply.sent || reply.raw.headersSent) {
      // A stream that has begun cannot become a problem any more; ending it tells the client that it is broken.
      reply.raw.destroy();
      return;
    }
    void reply.status(answer.status).headers(answer.headers).type(problemType).send(answer.body);
  }
}
