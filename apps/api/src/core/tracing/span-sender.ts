import { type ExportResult, ExportResultCode } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { type ReadableSpan, type SpanExporter } from '@opentelemetry/sdk-trace';
import { type Log } from '../logging/log.ts';
import { logEvents } from '../logging/log-events.ts';

/** Batches that may be under way at once; as many as a full queue makes when BanGUI stops. */
const parallel = 4;

/** Where spans go. */
export interface SpanSenderOptions {
  /** Address of the receiver, with its path. */
  readonly endpoint: string;
  /** Milliseconds for one batch with all attempts. */
  readonly limitMs: number;
  readonly log: Log;
}

/** Sends spans, and says in the log when the receiver does not take them and when it does again, once each. */
export class SpanSender implements SpanExporter {
  private readonly exporter: OTLPTraceExporter;
  private readonly log: Log;
  private isAway = false;

  constructor({ endpoint, limitMs, log }: SpanSenderOptions) {
    this.log = log;
    this.exporter = new OTLPTraceExporter({ url: endpoint, timeoutMillis: limitMs, concurrencyLimit: parallel });
  }

  export(spans: ReadableSpan[], done: (result: ExportResult) => void): void {
    this.exporter.export(spans, (result) => {
      this.note(result);
      done(result);
    });
  }

  shutdown(): Promise<void> {
    return this.exporter.shutdown();
  }

  private note({ code, error }: ExportResult): void {
    const isAway = code !== ExportResultCode.SUCCESS;
    if (isAway === this.isAway) return;
    this.isAway = isAway;
    // The error itself would bring the receiver's whole answer along.
    if (isAway) this.log.warn(logEvents.tracesNotTaken, { reason: error?.message ?? 'unknown' });
    else this.log.info(logEvents.tracesTaken);
  }
}
