export { openTracing } from './open-tracing.ts';
export { errorType, NoTracing, noSpan, type SpanFacts, type SpanStart, type TellSpan, Tracing } from './tracing.ts';
