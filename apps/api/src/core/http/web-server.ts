import { randomUUID } from 'node:crypto';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import helmet from '@fastify/helmet';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Settings } from '../config/settings.ts';
import { Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';
import { requestContext } from '../logging/request-context.ts';
import { corsOptions } from './cors.ts';
import { pathOf } from './problem.filter.ts';
import { problemFor, problemType } from './problem.ts';

/** Largest body of a request, in bytes. */
const bodyLimit = 1024 * 1024;

/** A request must have arrived in full within this many milliseconds. */
const requestTimeoutMs = 30_000;

/** Longer than the idle time of usual reverse proxies (60 s), so that they never meet a connection we just closed. */
const keepAliveTimeoutMs = 72_000;

type NotFound = (request: FastifyRequest, reply: FastifyReply) => unknown;

/** Nest's adapter, with a say in what becomes of an unknown address. */
class WebServer extends FastifyAdapter {
  /** Answers an unknown address and returns true, or leaves it to the framework. */
  fallback: ((request: FastifyRequest, reply: FastifyReply) => boolean) | undefined;

  override setNotFoundHandler(handler: NotFound): ReturnType<FastifyAdapter['setNotFoundHandler']> {
    return super.setNotFoundHandler((request: FastifyRequest, reply: FastifyReply) => {
      if (!this.fallback?.(request, reply)) return handler(request, reply);
      return undefined;
    });
  }
}

export type { WebServer };

/** Makes the HTTP server with its limits and its idea of who is to be believed about addresses. */
export function createWebServer(settings: Settings): WebServer {
  return new WebServer({
    bodyLimit,
    requestTimeout: requestTimeoutMs,
    keepAliveTimeout: keepAliveTimeoutMs,
    forceCloseConnections: 'idle',
    trustProxy: settings.trustedProxies.length > 0 ? [...settings.trustedProxies] : false,
    // An id from outside could be forged or hold anything; ours is the one in the log.
    requestIdHeader: false,
    genReqId: () => randomUUID(),
    routerOptions: { maxParamLength: 256 },
    // What the server refuses before it knows a route.
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      const answer = problemFor(error, { id: request.id, path: pathOf(request.url) });
      void reply.status(answer.status).type(problemType).send(JSON.stringify(answer.body));
    },
  });
}

/** Headers, cookies, cross-origin rules and the request id, for every answer. */
export async function dressWebServer(app: NestFastifyApplication, settings: Settings, log: Log): Promise<void> {
  const server = app.getHttpAdapter().getInstance();
  server.addHook('onRequest', (request, reply, done) => {
    reply.header('X-Request-Id', request.id);
    requestContext.run({ requestId: request.id }, done);
  });
  server.addHook('onResponse', (request, reply, done) => {
    log.debug(logEvents.requestCompleted, {
      method: request.method,
      path: pathOf(request.url),
      status: reply.statusCode,
      tookMs: Math.round(reply.elapsedTime),
    });
    done();
  });
  await app.register(helmet, {
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        defaultSrc: ["'self'"],
        baseUri: ["'self'"],
        connectSrc: ["'self'"],
        fontSrc: ["'self'"],
        formAction: ["'self'"],
        frameAncestors: ["'none'"],
        imgSrc: ["'self'", 'data:'],
        objectSrc: ["'none'"],
        scriptSrc: ["'self'"],
        // The portal's component styles are put into the page at run time.
        styleSrc: ["'self'", "'unsafe-inline'"],
      },
    },
    // Whoever ends TLS decides about it for the whole host name.
    strictTransportSecurity: false,
    frameguard: { action: 'deny' },
  });
  await app.register(cookie);
  const crossOrigin = corsOptions(settings.corsAllowedOrigins);
  if (crossOrigin) await app.register(cors, crossOrigin);
  // Only JSON is read: a form or plain text can be posted by any page without asking.
  server.removeContentTypeParser('text/plain');
}
