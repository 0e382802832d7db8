import { AddressSet } from './address-set.ts';
import { type RangeList } from './range-list.ts';

/**
 * Joins sets one after the other and keeps only what they are together, so that twenty lists need not be in memory at once.
 * The sets that are added stay as they are.
 */
export class SetUnion {
  private v4 = AddressSet.empty.v4;
  private v6 = AddressSet.empty.v6;
  /** Lists that were made here and that nobody else has. */
  private readonly own = new Set<RangeList>();

  /** Adds every address of the set. */
  add({ v4, v6 }: AddressSet): void {
    this.v4 = this.joined(this.v4, v4);
    this.v6 = this.joined(this.v6, v6);
  }

  /** Every address of any of the sets. Nothing can be added any more. */
  build(): AddressSet {
    return AddressSet.ofLists(this.v4, this.v6);
  }

  private joined(before: RangeList, added: RangeList): RangeList {
    const after = before.union(added);
    // A union with nothing is the other list itself.
    if (after === before || after === added) return after;
    if (this.own.delete(before)) release(before.words);
    this.own.add(after);
    return after;
  }
}

/** Gives the memory back at once: the garbage collector would come after the next ten unions. */
function release({ buffer }: Uint32Array): void {
  if (buffer instanceof ArrayBuffer) buffer.transfer(0);
}
