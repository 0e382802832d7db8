import { type LoggerService } from '@nestjs/common';
import { type Log } from './log.ts';
import { logEvents } from './log-events.ts';

/** Gives the framework's own messages a place in our log: its start-up chatter as debug, the rest at its level. */
export class FrameworkLog implements LoggerService {
  constructor(private readonly sink: Log) {}

  log(message: unknown, ...rest: unknown[]): void {
    this.sink.debug(logEvents.framework, fieldsOf(message, rest));
  }

  warn(message: unknown, ...rest: unknown[]): void {
    this.sink.warn(logEvents.framework, fieldsOf(message, rest));
  }

  error(message: unknown, ...rest: unknown[]): void {
    this.sink.error(logEvents.framework, fieldsOf(message, rest));
  }
}

function fieldsOf(message: unknown, rest: unknown[]): Record<string, unknown> {
  // The framework passes the name of the speaking class as its last argument.
  const context = rest.at(-1);
  return {
    message:
      message instanceof Error ? message.message : typeof message === 'string' ? message : JSON.stringify(message),
    ...(typeof context === 'string' && { context }),
    ...(message instanceof Error && { error: message }),
  };
}
