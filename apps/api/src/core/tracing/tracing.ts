import { type FastifyInstance } from 'fastify';

/**
 * What a span says, by OpenTelemetry's names of attributes or `bangui.…`. Never an address, the name of a user, a secret, a body
 * or a line of a log: traces leave the machine. `error.type` among them marks the span as failed.
 */
export type SpanFacts = Readonly<Record<string, string | number>>;

/** Says more of a span while its work goes on. */
export type TellSpan = (facts: SpanFacts) => void;

/** How a span begins. */
export interface SpanStart {
  /** One of a few: what differs from one to the next belongs into the facts. */
  readonly name: string;
  readonly facts: SpanFacts;
  /** Begins a trace of its own. Otherwise there is a span only inside one that has not ended. */
  readonly isRoot?: boolean;
  /** True when it waits for the answer of another program. */
  readonly isCall?: boolean;
}

/** Says what BanGUI does and how long it takes. */
export abstract class Tracing {
  /** Does the work as one span, which ends with it. A rejection marks the span as failed and is passed on. */
  abstract inSpan<T>(start: SpanStart, work: (tell: TellSpan) => Promise<T>): Promise<T>;

  /** Makes a span of each request to a server whose routes are not there yet. */
  abstract watch(server: Pick<FastifyInstance, 'addHook'>): void;

  /** Sends what has not been sent, for at most two seconds. Never rejects. */
  abstract close(): Promise<void>;
}

/** Tells nobody. */
export const noSpan: TellSpan = () => undefined;

/** Traces that are switched off: a request passes no hook, and work is done as if nobody asked. */
export class NoTracing extends Tracing {
  inSpan<T>(_start: SpanStart, work: (tell: TellSpan) => Promise<T>): Promise<T> {
    return work(noSpan);
  }

  watch(): void {
    // Nothing is added to the server.
  }

  close(): Promise<void> {
    return Promise.resolve();
  }
}

/** The kind of an error for `error.type`: its stable code, or the name of its class. Never its message, which may hold anything. */
export function errorType(error: unknown): string {
  const { code, name } = error instanceof Error ? (error as Error & { readonly code?: unknown }) : {};
  const isWord = (text: unknown): text is string => typeof text === 'string' && /^[\w-]{1,64}$/.test(text);
  return [code, name].find(isWord) ?? 'Error';
}
