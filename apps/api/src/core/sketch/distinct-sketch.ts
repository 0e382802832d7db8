/** Bits of the hash that choose the register. */
const indexBits = 12;
const registers = 1 << indexBits;
/** Bits of the hash that are left to count zeros in. */
const valueBits = 32;
/** Below this many set registers a list of them is shorter than all of them. */
const sparseLimit = 1_024;

/**
 * Counts different things approximately in at most 4 KiB, and can be merged: the sketch of two sets together is the merge of
 * their sketches. This is HyperLogLog (Flajolet et al. 2007) with 4,096 registers and Ertl's estimator (2017), which
 * needs no tables and no thresholds.
 */
export class DistinctSketch {
  /** Relative standard error of an estimate: 1.04 / √4096. */
  static readonly standardError = 0.01625;

  private readonly values = new Uint8Array(registers);

  /**
   * Reads what {@link toBytes} wrote. Bytes that are something else throw a RangeError: a damaged database must not pass
   * for a figure.
   */
  static fromBytes(bytes: Uint8Array): DistinctSketch {
    const sketch = new DistinctSketch();
    sketch.mergeBytes(bytes);
    return sketch;
  }

  /** What {@link estimate} says of a sketch that is stored, without reading it into one. @throws {RangeError} */
  static estimateOf(bytes: Uint8Array): number {
    const counts = new Uint32Array(256);
    if (bytes.length === registers) for (const value of bytes) counts[value] = (counts[value] ?? 0) + 1;
    else {
      for (const [, value] of sparseRegisters(bytes)) counts[value] = (counts[value] ?? 0) + 1;
      counts[0] = registers - bytes.length / 3;
    }
    checked(counts.findLastIndex((count) => count > 0));
    return estimateFrom(counts);
  }

  /** Adds one thing. The same bytes count once, however often they come. */
  add(thing: Uint8Array): void {
    const index = hash(thing, 0x9747_b28c) >>> (32 - indexBits);
    // Zeros in front of the other hash, plus one: 1 to 33.
    const value = Math.clz32(hash(thing, 0x3c6e_f372)) + 1;
    if (value > (this.values[index] ?? 0)) this.values[index] = value;
  }

  /** Takes in everything the other one has seen. */
  merge(other: DistinctSketch): void {
    for (let index = 0; index < registers; index += 1) this.raise(index, other.values[index] ?? 0);
  }

  /** The same from bytes, without making a sketch of them first. @throws {RangeError} when they are none */
  mergeBytes(bytes: Uint8Array): void {
    if (bytes.length === registers) {
      for (let index = 0; index < registers; index += 1) this.raise(index, checked(bytes[index] ?? 0));
      return;
    }
    for (const [index, value] of sparseRegisters(bytes)) this.raise(index, checked(value));
  }

  /** Estimated number of different things, rounded. Exact 0 for an empty sketch. */
  estimate(): number {
    const counts = new Uint32Array(valueBits + 2);
    for (const value of this.values) counts[value] = (counts[value] ?? 0) + 1;
    return estimateFrom(counts);
  }

  /** For storing: 3 bytes for each register that is set while they are few, otherwise 4,096. */
  toBytes(): Uint8Array {
    let set = 0;
    for (const value of this.values) if (value > 0) set += 1;
    if (set > sparseLimit) return this.values.slice();
    const bytes = new Uint8Array(set * 3);
    let at = 0;
    this.values.forEach((value, index) => {
      if (value === 0) return;
      bytes.set([index >> 8, index & 255, value], at);
      at += 3;
    });
    return bytes;
  }

  private raise(index: number, value: number): void {
    if (value > (this.values[index] ?? 0)) this.values[index] = value;
  }
}

/** By how many registers have each value. */
function estimateFrom(counts: Uint32Array): number {
  const countOf = (value: number): number => counts[value] ?? 0;
  let z = registers * tau(1 - countOf(valueBits + 1) / registers);
  for (let value = valueBits; value >= 1; value -= 1) z = 0.5 * (z + countOf(value));
  z += registers * sigma(countOf(0) / registers);
  return Math.round((registers * registers) / (2 * Math.LN2 * z));
}

/** The registers of the short form. @throws {RangeError} */
function* sparseRegisters(bytes: Uint8Array): Generator<[index: number, value: number]> {
  if (bytes.length % 3 !== 0 || bytes.length > sparseLimit * 3) throw new RangeError('This is no sketch.');
  for (let at = 0; at < bytes.length; at += 3) {
    const index = ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0);
    if (index >= registers) throw new RangeError('This is no sketch.');
    yield [index, bytes[at + 2] ?? 0];
  }
}

function checked(value: number): number {
  if (value > valueBits + 1) throw new RangeError('This is no sketch.');
  return value;
}

/** Ertl's σ: x + Σ x^(2^k) · 2^(k-1), the share of registers that are still 0. */
function sigma(share: number): number {
  if (share === 1) return Infinity;
  let x = share;
  let factor = 1;
  let sum = share;
  for (let before = Number.NaN; sum !== before;) {
    x *= x;
    before = sum;
    sum += x * factor;
    factor *= 2;
  }
  return sum;
}

/** Ertl's τ, the share of registers that are not full. */
function tau(share: number): number {
  if (share === 0 || share === 1) return 0;
  let x = share;
  let factor = 1;
  let sum = 1 - share;
  for (let before = Number.NaN; sum !== before;) {
    x = Math.sqrt(x);
    before = sum;
    factor /= 2;
    sum -= (1 - x) ** 2 * factor;
  }
  return sum / 3;
}

/** MurmurHash3 for 32 bits (Appleby), over whole words; a rest is filled with zeros and the length is mixed in. */
function hash(bytes: Uint8Array, seed: number): number {
  let state = seed;
  for (let at = 0; at < bytes.length; at += 4) {
    let word =
      (bytes[at] ?? 0) | ((bytes[at + 1] ?? 0) << 8) | ((bytes[at + 2] ?? 0) << 16) | ((bytes[at + 3] ?? 0) << 24);
    word = Math.imul(word, 0xcc9e_2d51);
    word = (word << 15) | (word >>> 17);
    state ^= Math.imul(word, 0x1b87_3593);
    state = (state << 13) | (state >>> 19);
    state = (Math.imul(state, 5) + 0xe654_6b64) | 0;
  }
  state ^= bytes.length;
  state = Math.imul(state ^ (state >>> 16), 0x85eb_ca6b);
  state = Math.imul(state ^ (state >>> 13), 0xc2b2_ae35);
  return (state ^ (state >>> 16)) >>> 0;
}
