/**
 * The opcodes of pickle protocols 2 to 5 that carry plain values, as they stand in Python's `pickletools`. Opcodes that
 * load something by name from outside the stream (persistent ids, extensions, out-of-band buffers) are not here, so they
 * are errors.
 */
export const OP = {
  PROTO: 0x80,
  FRAME: 0x95,
  STOP: 0x2e,
  MARK: 0x28,
  POP: 0x30,
  POP_MARK: 0x31,
  NONE: 0x4e,
  NEWTRUE: 0x88,
  NEWFALSE: 0x89,
  BININT: 0x4a,
  BININT1: 0x4b,
  BININT2: 0x4d,
  LONG1: 0x8a,
  LONG4: 0x8b,
  BINFLOAT: 0x47,
  SHORT_BINUNICODE: 0x8c,
  BINUNICODE: 0x58,
  BINUNICODE8: 0x8d,
  SHORT_BINBYTES: 0x43,
  BINBYTES: 0x42,
  BINBYTES8: 0x8e,
  EMPTY_LIST: 0x5d,
  APPEND: 0x61,
  APPENDS: 0x65,
  EMPTY_TUPLE: 0x29,
  TUPLE1: 0x85,
  TUPLE2: 0x86,
  TUPLE3: 0x87,
  TUPLE: 0x74,
  EMPTY_SET: 0x8f,
  ADDITEMS: 0x90,
  FROZENSET: 0x91,
  EMPTY_DICT: 0x7d,
  SETITEM: 0x73,
  SETITEMS: 0x75,
  MEMOIZE: 0x94,
  BINPUT: 0x71,
  LONG_BINPUT: 0x72,
  BINGET: 0x68,
  LONG_BINGET: 0x6a,
  STACK_GLOBAL: 0x93,
  REDUCE: 0x52,
  NEWOBJ: 0x81,
  NEWOBJ_EX: 0x92,
  BUILD: 0x62,
} as const;

/** Bytes of argument that follow an opcode; -1 for an opcode that is not known. */
export const FIXED_ARGUMENT: Int8Array = new Int8Array(256).fill(-1);
for (const opcode of Object.values(OP)) FIXED_ARGUMENT[opcode] = 0;

/** Whether the fixed argument is the length of the bytes after it. */
export const IS_COUNTED: Uint8Array = new Uint8Array(256);

const ARGUMENTS: readonly (readonly [opcode: number, bytes: number, isCounted: boolean])[] = [
  [OP.PROTO, 1, false],
  [OP.FRAME, 8, false],
  [OP.BININT, 4, false],
  [OP.BININT1, 1, false],
  [OP.BININT2, 2, false],
  [OP.BINFLOAT, 8, false],
  [OP.BINPUT, 1, false],
  [OP.LONG_BINPUT, 4, false],
  [OP.BINGET, 1, false],
  [OP.LONG_BINGET, 4, false],
  [OP.LONG1, 1, true],
  [OP.LONG4, 4, true],
  [OP.SHORT_BINUNICODE, 1, true],
  [OP.BINUNICODE, 4, true],
  [OP.BINUNICODE8, 8, true],
  [OP.SHORT_BINBYTES, 1, true],
  [OP.BINBYTES, 4, true],
  [OP.BINBYTES8, 8, true],
];
for (const [opcode, bytes, isCounted] of ARGUMENTS) {
  FIXED_ARGUMENT[opcode] = bytes;
  IS_COUNTED[opcode] = isCounted ? 1 : 0;
}
