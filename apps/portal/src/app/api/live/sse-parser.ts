/** One message of an event stream. */
export interface SseMessage {
  readonly event: string;
  readonly data: string;
  readonly id: string;
}

/** A message longer than this (characters) is a fault and ends the stream instead of filling the memory. */
const LONGEST_MESSAGE = 8 * 1024 * 1024;

/**
 * Reads the lines of a text/event-stream, in whatever pieces they arrive. Comments give no message.
 * The format is the WHATWG's: fields `event`, `data`, `id`; a blank line ends a message; CR, LF and CRLF end a line.
 */
export class SseParser {
  private rest = '';
  private event = '';
  private data: string[] = [];
  private size = 0;
  private id = '';
  private endedInCr = false;

  /** Takes the next piece and gives the messages that are complete with it. Throws when a message is too long. */
  push(piece: string): SseMessage[] {
    // A CRLF may be cut in two: the LF then belongs to a line that has ended already.
    const text = this.rest + (this.endedInCr && piece.startsWith('\n') ? piece.slice(1) : piece);
    if (piece !== '') this.endedInCr = piece.endsWith('\r');
    const lines = text.split(/\r\n|\r|\n/);
    this.rest = lines.pop() ?? '';
    if (this.rest.length + this.size > LONGEST_MESSAGE) throw new Error('A message of the event stream is too long.');
    const messages: SseMessage[] = [];
    for (const line of lines) {
      const message = this.take(line);
      if (message) messages.push(message);
    }
    return messages;
  }

  private take(line: string): SseMessage | undefined {
    if (line === '') return this.finish();
    const colon = line.indexOf(':');
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(line[colon + 1] === ' ' ? colon + 2 : colon + 1);
    if (field === 'event') this.event = value;
    else if (field === 'data') {
      this.data.push(value);
      this.size += value.length;
    } else if (field === 'id' && !value.includes('\0')) this.id = value;
    return undefined;
  }

  private finish(): SseMessage | undefined {
    const message = { event: this.event === '' ? 'message' : this.event, data: this.data.join('\n'), id: this.id };
    const isEmpty = this.data.length === 0;
    this.event = '';
    this.data = [];
    this.size = 0;
    return isEmpty ? undefined : message;
  }
}
