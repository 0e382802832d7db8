import { Injectable } from '@nestjs/common';
import { pino, type Logger, type StreamEntry } from 'pino';
import { type LogEvent } from './log-events.ts';
import { requestContext } from './request-context.ts';

/** Longest text of one field; what is longer is cut, because log fields may come from strangers. */
const maxFieldLength = 1_000;

/** Fields of a log line. An `error` field is written with type, message and stack. */
export type LogFields = Readonly<Record<string, unknown>>;

/** How the log is written. */
export interface LogOptions {
  readonly level: string;
  readonly format: 'json' | 'pretty';
  /** Receives each line with its line feed. Standard output when absent. */
  readonly write?: (line: string) => void;
}

function bounded(value: unknown): unknown {
  return typeof value === 'string' && value.length > maxFieldLength ? `${value.slice(0, maxFieldLength)}…` : value;
}

async function destination(options: LogOptions): Promise<StreamEntry['stream'] | undefined> {
  if (options.write) return { write: options.write };
  if (options.format === 'json') return undefined;
  // Loaded only when asked for: production writes JSON and should not pay for the formatter.
  const { default: pretty } = await import('pino-pretty');
  return pretty({
    colorize: process.stdout.isTTY,
    messageFormat: '{event}',
    ignore: 'event,pid',
    singleLine: true,
    sync: true,
  });
}

/** Writes structured log lines: one JSON object per line, in the order level, time, event, fields, request id. */
@Injectable()
export class Log {
  constructor(private readonly root: Logger) {}

  /** Opens the log. */
  static async open(options: LogOptions): Promise<Log> {
    const stream = await destination(options);
    const settings = {
      level: options.level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      serializers: { error: pino.stdSerializers.err },
      formatters: { level: (label: string) => ({ level: label }) },
    };
    return new Log(stream ? pino(settings, stream) : pino(settings));
  }

  debug(event: LogEvent, fields: LogFields = {}): void {
    this.root.debug(line(event, fields));
  }

  info(event: LogEvent, fields: LogFields = {}): void {
    this.root.info(line(event, fields));
  }

  warn(event: LogEvent, fields: LogFields = {}): void {
    this.root.warn(line(event, fields));
  }

  error(event: LogEvent, fields: LogFields = {}): void {
    this.root.error(line(event, fields));
  }
}

/** The event comes first and the fields keep their order: programs match on the beginning of a line. */
function line(event: LogEvent, fields: LogFields): Record<string, unknown> {
  const result: Record<string, unknown> = { event };
  for (const [name, value] of Object.entries(fields)) result[name] = bounded(value);
  return Object.assign(result, requestContext.getStore());
}
