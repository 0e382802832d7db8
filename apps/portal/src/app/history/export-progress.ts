import { type ExportFormat } from './history-api';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const NEWLINE = 0x0a;
const COMMA = 0x2c;
const [OPEN_OBJECT, CLOSE_OBJECT, OPEN_LIST, CLOSE_LIST] = [0x7b, 0x7d, 0x5b, 0x5d];
/** Enough for one time, bytes; a field that is longer is not one. */
const LONGEST_TIME = 40;

/** Counts the events of an export while it streams by, without keeping or parsing it. */
export interface ExportCounter {
  take(bytes: Uint8Array): void;
  /** Events that have come whole. */
  readonly rows: number;
  /** When the last one happened, epoch milliseconds; null while unknown. Only for the bar: it may lag behind. */
  readonly lastAt: number | null;
  /** True when the file has said at its end that events were left out. */
  readonly isCut: boolean;
}

export function exportCounter(format: ExportFormat): ExportCounter {
  switch (format) {
    case 'csv':
      return new CsvCounter();
    case 'ndjson':
      return new JsonCounter(1);
    case 'json':
      return new JsonCounter(null);
  }
}

/** Counts objects at one depth; null finds the depth from the first byte: a list of events, or an object with one. */
class JsonCounter implements ExportCounter {
  isCut = false;
  private objects = 0;
  lastAt: number | null = null;
  private depth = 0;
  private isInText = false;
  private isEscaped = false;
  private readonly decoder = new TextDecoder();
  private tail = '';

  constructor(private rowDepth: number | null) {}

  get rows(): number {
    // Where each line is an event, the cut is told in a line of its own.
    return this.isCut && this.rowDepth === 1 ? this.objects - 1 : this.objects;
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) this.step(byte);
    // A quote inside of a text is written with a backslash, so that a log line cannot look like this member.
    this.tail = (this.tail + this.decoder.decode(bytes, { stream: true })).slice(-4096);
    const at = [...this.tail.matchAll(/[{,]\s*"at"\s*:\s*"?(\d{13}|[\d-]{10}T[\d:.]+Z)/g)].at(-1)?.[1];
    if (at !== undefined) this.lastAt = timeOf(at) ?? this.lastAt;
    this.isCut ||= /[{,]\s*"cut"\s*:\s*\{/.test(this.tail);
  }

  private step(byte: number): void {
    if (this.isInText) {
      if (this.isEscaped) this.isEscaped = false;
      else if (byte === BACKSLASH) this.isEscaped = true;
      else if (byte === QUOTE) this.isInText = false;
    } else if (byte === QUOTE) this.isInText = true;
    else if (byte === OPEN_OBJECT || byte === OPEN_LIST) {
      this.rowDepth ??= byte === OPEN_LIST ? 2 : 3;
      this.depth += 1;
    } else if (byte === CLOSE_OBJECT || byte === CLOSE_LIST) {
      if (byte === CLOSE_OBJECT && this.depth === this.rowDepth) this.objects += 1;
      this.depth -= 1;
    }
  }
}

/** Counts lines outside of quotes, and reads the column `at` as it goes by. */
class CsvCounter implements ExportCounter {
  isCut = false;
  lastAt: number | null = null;
  private lines = 0;
  private isQuoted = false;
  private field = 0;
  private text = '';
  private readonly header: string[] = [];

  get rows(): number {
    return Math.max(0, this.lines - (this.isCut ? 2 : 1));
  }

  take(bytes: Uint8Array): void {
    for (const byte of bytes) this.step(byte);
  }

  private step(byte: number): void {
    if (byte === QUOTE) this.isQuoted = !this.isQuoted;
    else if (!this.isQuoted && (byte === COMMA || byte === NEWLINE)) this.endField(byte === NEWLINE);
    else if (this.text.length < LONGEST_TIME) this.text += String.fromCharCode(byte);
  }

  private endField(isLineEnd: boolean): void {
    const text = this.text.trim();
    if (this.lines === 0) this.header.push(text.replace(/^\W+/, ''));
    else if (this.field === 0 && text === '#cut') this.isCut = true;
    else if (this.header[this.field] === 'at') this.lastAt = timeOf(text) ?? this.lastAt;
    this.text = '';
    this.field += 1;
    if (!isLineEnd) return;
    this.field = 0;
    this.lines += 1;
  }
}

function timeOf(text: string): number | null {
  const at = /^\d{13}$/.test(text) ? Number(text) : Date.parse(text);
  return Number.isFinite(at) ? at : null;
}

/**
 * How much of an export is done, 0 to 1: events come newest first, so it is how far back it has come, or how near to the
 * most rows that were asked for. Null when neither can be told.
 */
export function exportShare(counter: Pick<ExportCounter, 'rows' | 'lastAt'>, asked: ExportBounds): number | null {
  const byRows = counter.rows / asked.maxRows;
  const span = asked.from === undefined ? 0 : asked.to - asked.from;
  if (counter.lastAt === null || span <= 0) return counter.rows > 0 && byRows > 0.01 ? Math.min(1, byRows) : null;
  const byTime = (asked.to - counter.lastAt) / span;
  return Math.min(1, Math.max(0, byRows, byTime));
}

/** What was asked for; times in epoch milliseconds. */
export interface ExportBounds {
  readonly from: number | undefined;
  readonly to: number;
  readonly maxRows: number;
}
