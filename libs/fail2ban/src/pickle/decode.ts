import { AnswerNotUnderstood } from '../errors.ts';
import { PickleMachine, type MachineLimits } from './machine.ts';
import { END_MARK } from './marks.ts';
import { FIXED_ARGUMENT, IS_COUNTED, OP } from './opcodes.ts';
import { type PythonValue } from './values.ts';

/** What an answer may cost at most. */
export interface DecodeLimits extends MachineLimits {
  /** Bytes of one answer, the end mark included. */
  maxBytes: number;
}

/** The limits used unless others are given: a million bans with their times is 63 MB and five million values. */
export const DEFAULT_LIMITS: DecodeLimits = { maxBytes: 256 * 1024 * 1024, maxNesting: 64, maxValues: 16_000_000 };

/** An answer that is whole. */
export interface DecodedAnswer {
  value: PythonValue;
  /** Bytes that came behind it. */
  rest: Buffer;
}

/**
 * Reads one answer while it arrives. Answers have no length in front, so the end is found by reading: the pickle runs to
 * its STOP, and right after it the end mark must stand. Searching for the mark would not do, since a text in an answer may
 * hold it.
 */
export class AnswerDecoder {
  readonly #limits: DecodeLimits;
  readonly #machine: PickleMachine;
  /** Bytes not yet read start at `#at`. */
  #buffer: Buffer = Buffer.alloc(0);
  #at = 0;
  /** Chunks that are put behind the buffer once there are `#needed` bytes; joining them one by one would be quadratic. */
  #waiting: Buffer[] = [];
  #waitingBytes = 0;
  #needed = 1;
  #received = 0;
  #isStopped = false;
  #isDone = false;

  constructor(limits: Partial<DecodeLimits> = {}) {
    this.#limits = { ...DEFAULT_LIMITS, ...limits };
    this.#machine = new PickleMachine(this.#limits);
  }

  /**
   * Takes the next bytes.
   * @returns the answer when it is whole, else undefined
   * @throws {AnswerNotUnderstood} for everything that does not begin with one well-formed answer within the limits, and for
   *   bytes given after it was whole; the decoder is of no use after that
   */
  push(chunk: Buffer): DecodedAnswer | undefined {
    if (this.#isDone) throw new AnswerNotUnderstood('There are bytes after the end of the answer.');
    this.#received += chunk.length;
    const answer = this.#read(chunk);
    const bytes = this.#received - (answer?.rest.length ?? 0);
    if (bytes > this.#limits.maxBytes) throw new AnswerNotUnderstood('The answer is too long.');
    return answer;
  }

  #read(chunk: Buffer): DecodedAnswer | undefined {
    this.#waiting.push(chunk);
    this.#waitingBytes += chunk.length;
    const left = this.#buffer.length - this.#at;
    if (left + this.#waitingBytes < this.#needed) return undefined;
    // Most answers come in one piece, which need not be copied.
    const isOnly = left === 0 && this.#waiting.length === 1;
    this.#buffer = isOnly ? chunk : Buffer.concat([this.#buffer.subarray(this.#at), ...this.#waiting]);
    this.#at = 0;
    this.#waiting = [];
    this.#waitingBytes = 0;
    if (!this.#isStopped) this.#run();
    return this.#isStopped ? this.#finish() : undefined;
  }

  /** Reads opcodes until STOP or until one is not whole. */
  #run(): void {
    const buffer = this.#buffer;
    const end = buffer.length;
    let at = this.#at;
    while (at < end) {
      const opcode = buffer[at] ?? 0;
      if (opcode === OP.STOP) {
        this.#isStopped = true;
        this.#at = at + 1;
        return;
      }
      const fixed = FIXED_ARGUMENT[opcode] ?? -1;
      if (fixed < 0) throw new AnswerNotUnderstood(`The answer holds an unexpected opcode (0x${opcode.toString(16)}).`);
      let from = at + 1;
      let to = from + fixed;
      if (to <= end && IS_COUNTED[opcode] === 1) {
        const length = readLength(buffer, from, fixed);
        if (length > this.#limits.maxBytes) throw new AnswerNotUnderstood('The answer is too long.');
        from = to;
        to += length;
      }
      if (to > end) {
        this.#at = at;
        this.#needed = to - at;
        return;
      }
      this.#machine.execute(opcode, buffer, from, to);
      at = to;
    }
    this.#at = at;
    this.#needed = 1;
  }

  #finish(): DecodedAnswer | undefined {
    const mark = this.#buffer.subarray(this.#at, this.#at + END_MARK.length);
    if (!mark.equals(END_MARK.subarray(0, mark.length))) {
      throw new AnswerNotUnderstood('The answer does not end with the end mark.');
    }
    if (mark.length < END_MARK.length) {
      this.#needed = 1 + mark.length;
      return undefined;
    }
    this.#isDone = true;
    return { value: this.#machine.result(), rest: this.#buffer.subarray(this.#at + END_MARK.length) };
  }
}

function readLength(buffer: Buffer, from: number, bytes: number): number {
  if (bytes === 1) return buffer[from] ?? 0;
  return bytes === 4 ? buffer.readUInt32LE(from) : Number(buffer.readBigUInt64LE(from));
}
