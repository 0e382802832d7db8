import { AsyncLocalStorage } from 'node:async_hooks';
import { randomUUID } from 'node:crypto';
import {
  type Context,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  trace,
  type Tracer,
} from '@opentelemetry/api';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { AlwaysOnSampler, BatchSpanProcessor, ParentBasedSampler, TracerProvider } from '@opentelemetry/sdk-trace';
import { type FastifyInstance } from 'fastify';
import { type Log } from '../logging/log.ts';
import { version } from '../version.ts';
import { contextOf, factsOf, isWatched } from './request-span.ts';
import { SpanSender } from './span-sender.ts';
import { errorType, noSpan, type SpanFacts, type SpanStart, type TellSpan, Tracing } from './tracing.ts';

/** Spans that wait to be sent; what comes while so many wait is dropped. */
const maxQueued = 2_048;
/** Spans in one request to the receiver. */
const batchSize = 512;
/** A span is sent after this many milliseconds, unless a batch is full before. */
const sendAfterMs = 2_000;
/** Longest time for one batch, attempts and pauses between them included, in milliseconds. */
const sendLimitMs = 5_000;
/** Longest time that stopping waits for the receiver, in milliseconds. */
const closeLimitMs = 2_000;
/** Longest text of one attribute, in UTF-16 units. */
const maxTextLength = 256;

/**
 * Sends traces to a receiver over OTLP/HTTP with JSON. Nothing of it is registered globally, so that instances in one process
 * (tests) stay apart.
 */
export class OtlpTracing extends Tracing {
  private readonly current = new AsyncLocalStorage<Context>();
  private readonly provider: TracerProvider;
  private readonly tracer: Tracer;

  /** @param endpoint address of the receiver, with its path */
  constructor(endpoint: string, log: Log) {
    super();
    this.provider = new TracerProvider({
      resource: resourceFromAttributes({
        'service.name': 'bangui',
        'service.version': version,
        'service.instance.id': randomUUID(),
      }),
      // Whoever calls with a trace decides whether it is recorded; our own always are.
      sampler: new ParentBasedSampler({ root: new AlwaysOnSampler() }),
      spanLimits: { attributeValueLengthLimit: maxTextLength },
      spanProcessors: [
        new BatchSpanProcessor({
          exporter: new SpanSender({ endpoint, limitMs: sendLimitMs, log }),
          maxQueueSize: maxQueued,
          maxExportBatchSize: batchSize,
          scheduledDelayMillis: sendAfterMs,
          // A little later than the sender, which says why.
          exportTimeoutMillis: sendLimitMs + 1_000,
        }),
      ],
    });
    this.tracer = this.provider.getTracer('bangui', version);
  }

  async inSpan<T>(start: SpanStart, work: (tell: TellSpan) => Promise<T>): Promise<T> {
    const parent = start.isRoot ? ROOT_CONTEXT : this.current.getStore();
    // Timers that a request set going belong to it no longer once it is over.
    const isInside = parent && (start.isRoot === true || trace.getSpan(parent)?.isRecording() === true);
    if (!isInside) return work(noSpan);
    const kind = start.isCall ? SpanKind.CLIENT : SpanKind.INTERNAL;
    const span = this.tracer.startSpan(start.name, { kind, attributes: start.facts }, parent);
    try {
      return await this.current.run(trace.setSpan(parent, span), () => work((facts) => tell(span, facts)));
    } catch (error) {
      // Whatever it is, it is the caller's; the span only says of which kind.
      tell(span, { 'error.type': errorType(error) });
      throw error;
    } finally {
      span.end();
    }
  }

  watch(server: Pick<FastifyInstance, 'addHook'>): void {
    const contexts = new WeakMap<object, Context>();
    server.addHook('onRequest', (request, reply, done) => {
      if (isWatched(request)) {
        const parent = contextOf(request.headers);
        const { name, facts } = factsOf(request);
        const span = this.tracer.startSpan(name, { kind: SpanKind.SERVER, attributes: facts }, parent);
        contexts.set(request, trace.setSpan(parent, span));
        // Comes after an answer and also when the caller went away before it.
        reply.raw.once('close', () => {
          const { statusCode, writableFinished } = reply.raw;
          if (writableFinished) tell(span, { 'http.response.status_code': statusCode });
          if (!writableFinished) tell(span, { 'error.type': 'aborted' });
          else if (statusCode >= 500) tell(span, { 'error.type': String(statusCode) });
          span.end();
        });
      }
      done();
    });
    // Not before: a body arrives in the context of its connection.
    server.addHook('preHandler', (request, _reply, done) => {
      const context = contexts.get(request);
      if (context) this.current.run(context, done);
      else done();
    });
  }

  async close(): Promise<void> {
    const { promise: tooLate, resolve } = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => resolve(undefined), closeLimitMs);
    // What the receiver did not take is lost; the sender has said so.
    await Promise.race([this.provider.shutdown().catch(() => undefined), tooLate]);
    clearTimeout(timer);
  }
}

function tell(span: Span, facts: SpanFacts): void {
  span.setAttributes(facts);
  if ('error.type' in facts) span.setStatus({ code: SpanStatusCode.ERROR });
}
