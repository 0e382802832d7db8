import { type IncomingHttpHeaders } from 'node:http';
import { type Context, defaultTextMapGetter, ROOT_CONTEXT } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { type FastifyRequest } from 'fastify';
import { type SpanFacts } from './tracing.ts';

/** Asked for every few seconds, or open for hours: their spans would say nothing and hide the others. */
const unwatched = /^\/(?:api\/health(?:\/|$)|api\/v1\/events$|metrics$)/;

const propagator = new W3CTraceContextPropagator();

/** Whether a request gets a span. */
export function isWatched(request: Pick<FastifyRequest, 'routeOptions'>): boolean {
  return !unwatched.test(request.routeOptions.url ?? '');
}

/**
 * The caller's trace by the header `traceparent`, or none when it is absent or malformed (W3C Trace Context, 3.2). `tracestate`
 * is left alone: it is free text of a stranger, and we call nobody to whom it would be passed on.
 */
export function contextOf(headers: IncomingHttpHeaders): Context {
  const { traceparent } = headers;
  return propagator.extract(ROOT_CONTEXT, { traceparent }, defaultTextMapGetter);
}

/** Name and attributes of a request's span, by OpenTelemetry's conventions for HTTP servers. The address asked for is not among them. */
export function factsOf(request: Pick<FastifyRequest, 'method' | 'routeOptions'>): {
  readonly name: string;
  readonly facts: SpanFacts;
} {
  const { method } = request;
  const route = request.routeOptions.url;
  if (route === undefined) return { name: method, facts: { 'http.request.method': method } };
  return { name: `${method} ${route}`, facts: { 'http.request.method': method, 'http.route': route } };
}
