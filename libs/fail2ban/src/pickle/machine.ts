import { AnswerNotUnderstood } from '../errors.ts';
import { OP } from './opcodes.ts';
import { PythonObject, type PythonValue } from './values.ts';
import { readWtf8 } from './wtf8.ts';

/** What an answer may cost at most. */
export interface MachineLimits {
  /** Deepest nesting of lists, dictionaries and objects. */
  maxNesting: number;
  /** Most values, marks and memo entries, together a bound on memory. */
  maxValues: number;
}

/** Longest whole number in bytes; far beyond anything fail2ban counts. */
const MAX_INTEGER_BYTES = 1024;

/**
 * The stack machine that a pickle is a program for. It knows plain values only: what a pickle says about classes is kept
 * as text in {@link PythonObject}, with the one exception of `builtins.str`, by which fail2ban sends addresses.
 */
export class PickleMachine {
  readonly #limits: MachineLimits;
  readonly #stack: PythonValue[] = [];
  /** Nesting of the value at the same index of the stack. */
  readonly #nesting: number[] = [];
  /** Stack heights at which a MARK was set. */
  readonly #marks: number[] = [];
  readonly #memo: PythonValue[] = [];
  readonly #memoNesting: number[] = [];
  #values = 0;

  constructor(limits: MachineLimits) {
    this.#limits = limits;
  }

  /** Carries out one opcode whose argument is `bytes[from..to)`; for a counted opcode that is what was counted. */
  execute(opcode: number, bytes: Buffer, from: number, to: number): void {
    switch (opcode) {
      case OP.SHORT_BINUNICODE:
      case OP.BINUNICODE:
      case OP.BINUNICODE8:
        this.#push(readText(bytes, from, to), 0);
        break;
      case OP.MEMOIZE:
        this.#remember(this.#memo.length);
        break;
      case OP.BINPUT:
        this.#remember(bytes[from] ?? 0);
        break;
      case OP.LONG_BINPUT:
        this.#remember(bytes.readUInt32LE(from));
        break;
      case OP.BINGET:
        this.#recall(bytes[from] ?? 0);
        break;
      case OP.LONG_BINGET:
        this.#recall(bytes.readUInt32LE(from));
        break;
      case OP.TUPLE1:
        this.#collect(this.#stack.length - 1);
        break;
      case OP.TUPLE2:
        this.#collect(this.#stack.length - 2);
        break;
      case OP.TUPLE3:
        this.#collect(this.#stack.length - 3);
        break;
      case OP.TUPLE:
      case OP.FROZENSET:
        this.#collect(this.#popMark());
        break;
      case OP.EMPTY_TUPLE:
      case OP.EMPTY_LIST:
      case OP.EMPTY_SET:
        this.#push([], 1);
        break;
      case OP.EMPTY_DICT:
        this.#push(new Map(), 1);
        break;
      case OP.MARK:
        this.#count();
        this.#marks.push(this.#stack.length);
        break;
      case OP.APPEND:
        this.#append(this.#stack.length - 1);
        break;
      case OP.APPENDS:
      case OP.ADDITEMS:
        this.#append(this.#popMark());
        break;
      case OP.SETITEM:
        this.#setItems(this.#stack.length - 2);
        break;
      case OP.SETITEMS:
        this.#setItems(this.#popMark());
        break;
      case OP.BININT1:
        this.#push(bytes[from] ?? 0, 0);
        break;
      case OP.BININT2:
        this.#push(bytes.readUInt16LE(from), 0);
        break;
      case OP.BININT:
        this.#push(bytes.readInt32LE(from), 0);
        break;
      case OP.LONG1:
      case OP.LONG4:
        this.#push(readInteger(bytes, from, to), 0);
        break;
      case OP.BINFLOAT:
        this.#push(bytes.readDoubleBE(from), 0);
        break;
      case OP.NONE:
        this.#push(null, 0);
        break;
      case OP.NEWTRUE:
        this.#push(true, 0);
        break;
      case OP.NEWFALSE:
        this.#push(false, 0);
        break;
      case OP.SHORT_BINBYTES:
      case OP.BINBYTES:
      case OP.BINBYTES8:
        // A copy, so that the answer's buffer can be freed.
        this.#push(new Uint8Array(bytes.subarray(from, to)), 0);
        break;
      case OP.STACK_GLOBAL:
        this.#nameClass();
        break;
      case OP.REDUCE:
      case OP.NEWOBJ:
        this.#makeObject();
        break;
      case OP.NEWOBJ_EX:
        // The keyword arguments are of no use to anyone here.
        this.#pop();
        this.#makeObject();
        break;
      case OP.BUILD:
        this.#setState();
        break;
      case OP.POP:
        if (this.#marks.at(-1) === this.#stack.length) this.#marks.pop();
        else this.#pop();
        break;
      case OP.POP_MARK:
        this.#truncate(this.#popMark());
        break;
      case OP.FRAME:
        // Frames only help a reader that reads from a file.
        break;
      case OP.PROTO:
        if ((bytes[from] ?? 0) > 5) throw new AnswerNotUnderstood('The answer is of a newer pickle protocol.');
        break;
      default:
        throw new AnswerNotUnderstood(`The answer holds an unexpected opcode (0x${opcode.toString(16)}).`);
    }
  }

  /** The value the program has made. Called once, at STOP. */
  result(): PythonValue {
    if (this.#stack.length !== 1 || this.#marks.length > 0) throw malformed();
    return this.#pop();
  }

  #count(): void {
    this.#values += 1;
    if (this.#values > this.#limits.maxValues) throw new AnswerNotUnderstood('The answer has too many values.');
  }

  #push(value: PythonValue, nesting: number): void {
    this.#count();
    if (nesting > this.#limits.maxNesting) throw new AnswerNotUnderstood('The answer is nested too deeply.');
    this.#stack.push(value);
    this.#nesting.push(nesting);
  }

  #pop(): PythonValue {
    // What lies under a mark may not be taken before the mark itself.
    if (this.#stack.length <= (this.#marks.at(-1) ?? 0)) throw malformed();
    this.#nesting.pop();
    const value = this.#stack.pop();
    if (value === undefined) throw malformed();
    return value;
  }

  #popMark(): number {
    const height = this.#marks.pop();
    if (height === undefined) throw malformed();
    return height;
  }

  #truncate(height: number): void {
    this.#stack.length = height;
    this.#nesting.length = height;
  }

  /** Nesting of a container with the values from `height` to the top of the stack in it. */
  #nestingAbove(height: number): number {
    let deepest = 0;
    for (let index = height; index < this.#nesting.length; index += 1) {
      const nesting = this.#nesting[index] ?? 0;
      if (nesting > deepest) deepest = nesting;
    }
    return deepest + 1;
  }

  #checkHeight(height: number): void {
    if (height < (this.#marks.at(-1) ?? 0)) throw malformed();
  }

  #collect(height: number): void {
    this.#checkHeight(height);
    const nesting = this.#nestingAbove(height);
    const items = this.#stack.slice(height);
    this.#truncate(height);
    this.#push(items, nesting);
  }

  /** The container just below `height`, whose recorded nesting grows by what is put into it. */
  #containerBelow(height: number): PythonValue {
    this.#checkHeight(height - 1);
    const container = this.#stack[height - 1];
    if (container === undefined) throw malformed();
    const nesting = Math.max(this.#nesting[height - 1] ?? 0, this.#nestingAbove(height));
    if (nesting > this.#limits.maxNesting) throw new AnswerNotUnderstood('The answer is nested too deeply.');
    this.#nesting[height - 1] = nesting;
    return container;
  }

  #append(height: number): void {
    const list = this.#containerBelow(height);
    if (Array.isArray(list)) {
      for (let index = height; index < this.#stack.length; index += 1) list.push(this.#stack[index] ?? null);
    } else if (!(list instanceof PythonObject)) {
      // Items of an unknown kind of list are dropped: the object is opaque anyway.
      throw malformed();
    }
    this.#truncate(height);
  }

  #setItems(height: number): void {
    const dictionary = this.#containerBelow(height);
    if ((this.#stack.length - height) % 2 !== 0) throw malformed();
    if (dictionary instanceof Map) {
      for (let index = height; index < this.#stack.length; index += 2) {
        dictionary.set(this.#stack[index] ?? null, this.#stack[index + 1] ?? null);
      }
    } else if (!(dictionary instanceof PythonObject)) {
      throw malformed();
    }
    this.#truncate(height);
  }

  #remember(index: number): void {
    const value = this.#stack.at(-1);
    // Picklers number from zero, one of the old ones from one; a gap would only be there to make a huge table.
    if (value === undefined || index > this.#memo.length + 1) throw malformed();
    this.#count();
    this.#memo[index] = value;
    this.#memoNesting[index] = this.#nesting.at(-1) ?? 0;
  }

  #recall(index: number): void {
    const value = this.#memo[index];
    if (value === undefined) throw malformed();
    this.#push(value, this.#memoNesting[index] ?? 0);
  }

  #nameClass(): void {
    const className = this.#pop();
    const module = this.#pop();
    if (typeof className !== 'string' || typeof module !== 'string') throw malformed();
    this.#push(new PythonObject(module, className), 0);
  }

  #makeObject(): void {
    const nesting = this.#nestingAbove(this.#stack.length - 1);
    const args = this.#pop();
    const callee = this.#pop();
    if (!Array.isArray(args) || !(callee instanceof PythonObject) || callee.args !== undefined) throw malformed();
    const [only] = args;
    if (callee.className === 'str' && callee.module === 'builtins' && args.length === 1 && typeof only === 'string') {
      this.#push(only, 0);
      return;
    }
    this.#push(new PythonObject(callee.module, callee.className, args), nesting);
  }

  #setState(): void {
    const object = this.#containerBelow(this.#stack.length - 1);
    const state = this.#pop();
    if (!(object instanceof PythonObject)) throw malformed();
    object.state = state;
  }
}

function malformed(): AnswerNotUnderstood {
  return new AnswerNotUnderstood('The answer is not a well-formed pickle.');
}

function readText(bytes: Buffer, from: number, to: number): string {
  const text = bytes.toString('utf8', from, to);
  // The replacement character may be in the text itself, or stand for bytes that are no UTF-8: lone surrogates.
  if (!text.includes('\ufffd')) return text;
  const exact = readWtf8(bytes.subarray(from, to));
  if (exact === undefined) throw new AnswerNotUnderstood('A text in the answer is not UTF-8.');
  return exact;
}

function readInteger(bytes: Buffer, from: number, to: number): number | bigint {
  const length = to - from;
  if (length > MAX_INTEGER_BYTES) throw new AnswerNotUnderstood('A number in the answer is too big.');
  if (length === 0) return 0;
  if (length <= 6) return bytes.readIntLE(from, length);
  const hex = Buffer.from(bytes.subarray(from, to)).reverse().toString('hex');
  const value = BigInt.asIntN(length * 8, BigInt(`0x${hex}`));
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
