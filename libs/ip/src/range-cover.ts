/** One CIDR block as plain numbers. */
export interface Block {
  /** First address. */
  first: bigint;
  /** Prefix length in bits. */
  prefix: number;
}

/** Covers `first..last` with the fewest aligned blocks of a `bits`-wide address space, in order: at most 2 * bits - 2. */
export function* rangeCover(first: bigint, last: bigint, bits: number): Generator<Block> {
  let next = first;
  while (next <= last) {
    let hostBits = 0;
    // The biggest block that starts here: aligned, and not beyond the end.
    while (hostBits < bits) {
      const size = 1n << BigInt(hostBits + 1);
      if (next % size !== 0n || next + size - 1n > last) break;
      hostBits += 1;
    }
    yield { first: next, prefix: bits - hostBits };
    next += 1n << BigInt(hostBits);
  }
}
