import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';

/** A span as it was received, as far as tests look at it. */
export interface ReceivedSpan {
  readonly name: string;
  readonly traceId: string;
  readonly spanId: string;
  /** Undefined for the first of a trace. */
  readonly parentSpanId: string | undefined;
  /** As OTLP numbers them: 1 internal, 2 server, 3 client. */
  readonly kind: number;
  readonly hasFailed: boolean;
  readonly attributes: Readonly<Record<string, string | number>>;
}

/** The body of OTLP's `ExportTraceServiceRequest` in JSON. */
interface TraceRequest {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly OtlpAttribute[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
}
interface OtlpSpan extends Pick<ReceivedSpan, 'name' | 'traceId' | 'spanId' | 'kind'> {
  readonly parentSpanId?: string;
  readonly status: { readonly code: number };
  readonly attributes: readonly OtlpAttribute[];
}
interface OtlpAttribute {
  readonly key: string;
  readonly value: { readonly stringValue?: string; readonly intValue?: number | string };
}

/** A receiver of traces over OTLP/HTTP on loopback. */
export class TraceReceiver {
  readonly spans: ReceivedSpan[] = [];
  /** Everything that was received, as sent. */
  received = '';
  /** Attributes of the latest sender. */
  sender: Readonly<Record<string, string | number>> = {};
  /** The latest sender's header `authorization`. */
  authorization: string | undefined;
  /** Whether requests are taken and never answered. */
  isHanging = false;
  private readonly server = createServer((request, response) => void this.take(request, response));

  /** Where it listens once it does. */
  url = '';

  /** @param port 0 for a free one */
  static async start(port = 0): Promise<TraceReceiver> {
    const receiver = new TraceReceiver();
    receiver.server.listen(port, '127.0.0.1');
    await once(receiver.server, 'listening');
    const address = receiver.server.address() as { port: number };
    receiver.url = `http://127.0.0.1:${address.port}/v1/traces`;
    return receiver;
  }

  named(name: string): ReceivedSpan[] {
    return this.spans.filter((span) => span.name === name);
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await text(request);
    this.received += body;
    this.authorization = request.headers.authorization;
    if (this.isHanging) return;
    if (
      request.method !== 'POST' ||
      request.url !== '/v1/traces' ||
      request.headers['content-type'] !== 'application/json'
    ) {
      response.writeHead(400).end();
      return;
    }
    // Checked by the assertions of the tests.
    const { resourceSpans } = JSON.parse(body) as TraceRequest;
    for (const { resource, scopeSpans } of resourceSpans) {
      this.sender = asRecord(resource.attributes);
      for (const span of scopeSpans.flatMap(({ spans }) => spans)) {
        const { name, traceId, spanId, kind, parentSpanId } = span;
        const attributes = asRecord(span.attributes);
        this.spans.push({ name, traceId, spanId, kind, parentSpanId, hasFailed: span.status.code === 2, attributes });
      }
    }
    response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}');
  }
}

function asRecord(attributes: readonly OtlpAttribute[]): Record<string, string | number> {
  return Object.fromEntries(attributes.map(({ key, value }) => [key, value.stringValue ?? Number(value.intValue)]));
}
