import { type BlockCursor } from '@bangui/ip';

/** A walk over blocks in order. */
export type Blocks = Pick<BlockCursor, 'first' | 'prefix' | 'isHost' | 'advance'>;

/**
 * Walks over the blocks of one set that are not blocks of another. That is finer than the difference of the sets: when 192.0.2.0/24 becomes
 * 192.0.2.0/25, the kernel's entry has to go and another one has to come, although no address was added.
 */
export class ChangedBlocks implements Blocks {
  private readonly blocks: Blocks;
  private readonly others: Blocks;
  private hasOther: boolean;

  /** Takes over both walks, which must not have been moved yet. */
  constructor(blocks: Blocks, others: Blocks) {
    this.blocks = blocks;
    this.others = others;
    this.hasOther = others.advance();
  }

  get first(): Uint32Array {
    return this.blocks.first;
  }

  get prefix(): number {
    return this.blocks.prefix;
  }

  get isHost(): boolean {
    return this.blocks.isHost;
  }

  /** Goes to the next block that only the first set has; false at the end. */
  advance(): boolean {
    while (this.blocks.advance()) {
      let order = -1;
      while (this.hasOther && (order = compare(this.others.first, this.blocks.first)) < 0)
        this.hasOther = this.others.advance();
      if (!this.hasOther || order !== 0 || this.others.prefix !== this.blocks.prefix) return true;
    }
    return false;
  }
}

function compare(a: Uint32Array, b: Uint32Array): number {
  for (let word = 0; word < a.length; word += 1) {
    const difference = (a[word] ?? 0) - (b[word] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
