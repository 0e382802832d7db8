/** Buckets of one pass: 11 bits, so that three passes do a word and the places they write to stay in the processor's cache. */
const BUCKETS = 2_048;
const SHIFTS = [0, 11, 22] as const;

/**
 * Sorts records of `record` words by their first `keyWords` words, the most significant first, in linear time.
 * Needs as much memory again; what is given back may be `words` itself or the other array, and the content of `words` is lost.
 */
export function radixSort(words: Uint32Array, record: number, keyWords: number): Uint32Array {
  const spare = new Uint32Array(words.length);
  let from = words;
  let to: Uint32Array = spare;
  const starts = new Uint32Array(BUCKETS);
  for (let word = keyWords - 1; word >= 0; word -= 1) {
    for (const shift of SHIFTS) {
      if (!countDigits(from, record, word, shift, starts)) continue;
      if (record === 1) distributeWords(from, to, shift, starts);
      else distributeRecords(from, to, record, word, shift, starts);
      [from, to] = [to, from];
    }
  }
  // Given back at once: waiting for the garbage collector would add its size to the peak.
  if (from !== spare) spare.buffer.transfer(0);
  return from;
}

/** Leaves in `starts` where the records of each digit begin; false when all have the same one, so that there is nothing to do. */
function countDigits(from: Uint32Array, record: number, word: number, shift: number, starts: Uint32Array): boolean {
  starts.fill(0);
  for (let i = word; i < from.length; i += record) {
    const digit = ((from[i] ?? 0) >>> shift) & (BUCKETS - 1);
    starts[digit] = (starts[digit] ?? 0) + 1;
  }
  const records = from.length / record;
  let sum = 0;
  for (let digit = 0; digit < BUCKETS; digit += 1) {
    const count = starts[digit] ?? 0;
    if (count === records) return false;
    starts[digit] = sum;
    sum += count;
  }
  return true;
}

function distributeWords(from: Uint32Array, to: Uint32Array, shift: number, starts: Uint32Array): void {
  for (let i = 0; i < from.length; i += 1) {
    const value = from[i] ?? 0;
    const digit = (value >>> shift) & (BUCKETS - 1);
    const place = starts[digit] ?? 0;
    starts[digit] = place + 1;
    to[place] = value;
  }
}

function distributeRecords(
  from: Uint32Array,
  to: Uint32Array,
  record: number,
  word: number,
  shift: number,
  starts: Uint32Array,
): void {
  for (let i = 0; i < from.length; i += record) {
    const digit = ((from[i + word] ?? 0) >>> shift) & (BUCKETS - 1);
    const place = starts[digit] ?? 0;
    starts[digit] = place + 1;
    for (let part = 0; part < record; part += 1) to[place * record + part] = from[i + part] ?? 0;
  }
}
