import { type AddressSet, type Family } from '@bangui/ip';
import { type Blocks } from './changed-blocks.ts';

/**
 * A walk over the blocks of a set as the kernel's sets hold them: a set of networks cannot hold `/0`, so all of a family is
 * its two halves (ipset's `hash:net`).
 */
export function entriesOf(set: AddressSet, family: Family): Blocks {
  // A set is made of as few blocks as can be, so nothing comes beside all of a family.
  const first = set.blocks(family);
  return first.advance() && first.prefix === 0 ? new Halves(first.first.length) : set.blocks(family);
}

/** Both halves of a family. */
class Halves implements Blocks {
  readonly first: Uint32Array;
  readonly prefix = 1;
  readonly isHost = false;
  private passed = 0;

  /** @param words of 32 bits in an address: 1 or 4 */
  constructor(words: number) {
    this.first = new Uint32Array(words);
  }

  advance(): boolean {
    if (this.passed === 1) this.first[0] = 0x8000_0000;
    this.passed += 1;
    return this.passed <= 2;
  }
}
