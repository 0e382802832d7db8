/**
 * Arithmetic on addresses kept as 32-bit words in typed arrays: one word for IPv4, four for IPv6, the most significant
 * first. An address is named by its array and the index of its first word.
 */

/** Words of one address: 1 for IPv4, 4 for IPv6. */
export type Width = 1 | 4;

/** Negative, zero or positive, as the address at `a[i]` is below, equal to or above the one at `b[j]`. */
export function compareWords(a: Uint32Array, i: number, b: Uint32Array, j: number, width: Width): number {
  for (let word = 0; word < width; word += 1) {
    const difference = (a[i + word] ?? 0) - (b[j + word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Copies one address. */
export function copyWords(from: Uint32Array, i: number, to: Uint32Array, j: number, width: Width): void {
  for (let word = 0; word < width; word += 1) to[j + word] = from[i + word] ?? 0;
}

/** Makes the address at `a[i]` the next one; false when it was the last of the space, which then has become the first. */
export function increment(a: Uint32Array, i: number, width: Width): boolean {
  for (let word = i + width - 1; word >= i; word -= 1) {
    const next = ((a[word] ?? 0) + 1) >>> 0;
    a[word] = next;
    if (next !== 0) return true;
  }
  return false;
}

/** Makes the address at `a[i]` the one before; false when it was the first of the space, which then has become the last. */
export function decrement(a: Uint32Array, i: number, width: Width): boolean {
  for (let word = i + width - 1; word >= i; word -= 1) {
    const value = a[word] ?? 0;
    a[word] = value - 1;
    if (value !== 0) return true;
  }
  return false;
}

/** Whether the address at `b[j]` is the one right after that at `a[i]`. */
export function isNext(a: Uint32Array, i: number, b: Uint32Array, j: number, width: Width): boolean {
  let word = width - 1;
  // A carry goes through words that are all ones and leaves zeros behind.
  while (word > 0 && a[i + word] === 0xffff_ffff && b[j + word] === 0) word -= 1;
  if ((a[i + word] ?? 0) + 1 !== b[j + word]) return false;
  for (let higher = 0; higher < word; higher += 1) if (a[i + higher] !== b[j + higher]) return false;
  return true;
}

/** Reads an address as a number. */
export function toBigInt(a: Uint32Array, i: number, width: Width): bigint {
  if (width === 1) return BigInt(a[i] ?? 0);
  let value = 0n;
  for (let word = 0; word < width; word += 1) value = (value << 32n) | BigInt(a[i + word] ?? 0);
  return value;
}

/** Writes a number as an address. */
export function fromBigInt(value: bigint, a: Uint32Array, i: number, width: Width): void {
  let rest = value;
  for (let word = i + width - 1; word >= i; word -= 1) {
    a[word] = Number(rest & 0xffff_ffffn);
    rest >>= 32n;
  }
}
