import { parseBounded } from './json-depth.ts';
import { MalformedFeed } from './malformed-feed.ts';
import { isBlank, startOfBody } from './whole-lines.ts';

const QUOTE = 34;
const BACKSLASH = 92;
const COMMA = 44;
const COLON = 58;
const OPEN_ARRAY = 91;
const CLOSE_ARRAY = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

interface Bounds {
  readonly path: readonly string[];
  readonly maxItemBytes: number;
  readonly maxDepth: number;
}

/** Walks over the bytes of a JSON document, and cuts out the items of the array at a path. */
export class JsonItemCutter {
  private readonly bounds: Bounds;
  private readonly captured: CapturedBytes;
  /** Brackets that close what is open. */
  private readonly open: number[] = [];
  /** How many of the open containers lead to the array; one more than the path is long when the array itself is open. */
  private onPath = 0;
  private key: string | undefined;
  private isKeyNext = false;
  private capturing: 'key' | 'item' | undefined;
  private isInString = false;
  private isEscaped = false;
  private hasFound = false;
  private hasEnded = false;
  /** In the array: whether an item has come since the last comma. */
  private hasItem = false;
  private hasComma = false;
  private beginning: Uint8Array | undefined = new Uint8Array();

  constructor(bounds: Bounds) {
    this.bounds = bounds;
    this.captured = new CapturedBytes(bounds.maxItemBytes);
  }

  /** The items that end in this chunk. */
  *read(chunk: Uint8Array): Generator<unknown, void, undefined> {
    const bytes = this.beginning === undefined ? chunk : this.skipMark(chunk);
    for (const byte of bytes) {
      if (this.isInString) this.readString(byte);
      else if (isBlank(byte)) this.capture(byte);
      else if (this.isEndOfItem(byte)) {
        yield this.takeItem();
        this.readStructure(byte);
      } else this.readStructure(byte);
    }
  }

  /** To be called after the last chunk. */
  finish(): void {
    if (this.beginning !== undefined && this.beginning.length > 0) {
      throw new MalformedFeed('This is no JSON object or array.');
    }
    if (!this.hasEnded) throw new MalformedFeed('The JSON is cut off.');
    if (!this.hasFound) {
      throw new MalformedFeed(`There is no array at ${JSON.stringify(this.bounds.path.join('.'))} in the JSON.`);
    }
  }

  /** The first bytes are looked at together, however small the chunks are. */
  private skipMark(chunk: Uint8Array): Uint8Array {
    const bytes = Buffer.concat([this.beginning ?? new Uint8Array(), chunk]);
    if (bytes.length < 3) {
      this.beginning = bytes;
      return new Uint8Array();
    }
    this.beginning = undefined;
    return startOfBody(bytes);
  }

  private get isInArray(): boolean {
    return this.onPath > this.bounds.path.length && this.open.length === this.onPath;
  }

  private isEndOfItem(byte: number): boolean {
    return this.capturing === 'item' && this.isInArray && (byte === COMMA || byte === CLOSE_ARRAY);
  }

  private takeItem(): unknown {
    this.capturing = undefined;
    return parseBounded(this.captured.take(), this.bounds.maxDepth);
  }

  private readString(byte: number): void {
    this.capture(byte);
    if (this.isEscaped) this.isEscaped = false;
    else if (byte === BACKSLASH) this.isEscaped = true;
    else if (byte === QUOTE) {
      this.isInString = false;
      if (this.capturing === 'key') {
        this.capturing = undefined;
        this.key = String(parseBounded(this.captured.take(), 1));
      }
    }
  }

  private readStructure(byte: number): void {
    if (this.hasEnded) throw new MalformedFeed('Something follows the JSON.');
    if (this.open.length === 0 && byte !== OPEN_ARRAY && byte !== OPEN_OBJECT) {
      throw new MalformedFeed('This is no JSON object or array.');
    }
    switch (byte) {
      case COMMA:
        this.readComma();
        break;
      case COLON:
        this.isKeyNext = false;
        this.capture(byte);
        break;
      case CLOSE_ARRAY:
      case CLOSE_OBJECT:
        this.close(byte);
        break;
      default:
        this.readValue(byte);
    }
  }

  private readComma(): void {
    this.capture(COMMA);
    if (this.isInArray) {
      if (!this.hasItem) throw new MalformedFeed('An item is missing in the JSON array.');
      this.hasItem = false;
      this.hasComma = true;
    }
    this.isKeyNext = this.open.at(-1) === CLOSE_OBJECT;
    this.key = undefined;
  }

  private readValue(byte: number): void {
    if (this.isInArray && this.capturing === undefined) {
      if (this.hasItem) throw new MalformedFeed('A comma is missing in the JSON array.');
      this.capturing = 'item';
      this.hasItem = true;
    }
    if (byte === QUOTE) {
      this.isInString = true;
      const isKeyOnPath = this.isKeyNext && this.open.length === this.onPath && this.capturing === undefined;
      if (isKeyOnPath) this.capturing = 'key';
    }
    this.capture(byte);
    if (byte === OPEN_ARRAY || byte === OPEN_OBJECT) this.openContainer(byte);
  }

  private openContainer(byte: number): void {
    const depth = this.open.length;
    if (depth >= this.bounds.maxDepth) {
      throw new MalformedFeed(`The JSON is nested deeper than ${this.bounds.maxDepth} levels.`);
    }
    this.open.push(byte === OPEN_ARRAY ? CLOSE_ARRAY : CLOSE_OBJECT);
    const { path } = this.bounds;
    const leadsOn = this.onPath === depth && (depth === 0 || this.key === path[depth - 1]) && depth <= path.length;
    if (leadsOn && (byte === OPEN_ARRAY) === (depth === path.length)) {
      this.onPath = depth + 1;
      if (depth === path.length) {
        this.hasFound = true;
        this.hasItem = false;
        this.hasComma = false;
      }
    }
    this.isKeyNext = byte === OPEN_OBJECT;
    this.key = undefined;
  }

  private close(byte: number): void {
    if (this.isInArray && this.hasComma && !this.hasItem) {
      throw new MalformedFeed('An item is missing in the JSON array.');
    }
    if (this.open.pop() !== byte) throw new MalformedFeed('The brackets of the JSON do not match.');
    this.onPath = Math.min(this.onPath, this.open.length);
    this.hasEnded = this.open.length === 0;
    this.isKeyNext = false;
    this.capture(byte);
  }

  private capture(byte: number): void {
    if (this.capturing !== undefined) this.captured.add(byte);
  }
}

class CapturedBytes {
  private bytes = new Uint8Array(256);
  private length = 0;
  private readonly maxBytes: number;

  constructor(maxBytes: number) {
    this.maxBytes = maxBytes;
  }

  add(byte: number): void {
    if (this.length >= this.maxBytes) {
      throw new MalformedFeed(`A name or item of the JSON is longer than ${this.maxBytes} bytes.`);
    }
    if (this.length === this.bytes.length) {
      const larger = new Uint8Array(this.bytes.length * 2);
      larger.set(this.bytes);
      this.bytes = larger;
    }
    this.bytes[this.length] = byte;
    this.length += 1;
  }

  take(): string {
    const text = Buffer.from(this.bytes.buffer, 0, this.length).toString('utf8');
    this.length = 0;
    return text;
  }
}
