import { SPECIAL_BLOCKS, type AddressClass } from '../classify.ts';
import { AddressSet } from './address-set.ts';

/** Why addresses have no place in a blocklist: every class but `global`, and `mixed`, which is no class of an address. */
export type SpecialClass = Exclude<AddressClass, 'global' | 'mixed'>;

/** Addresses of one class that were taken out of a set. */
export interface RemovedClass {
  readonly class: SpecialClass;
  /** Ranges that held them. */
  readonly ranges: number;
  readonly addresses: bigint;
}

/** The addresses of each class as a set; together with the global ones they are the whole space, and no address is in two. */
export const SPECIAL_SETS: ReadonlyMap<SpecialClass, AddressSet> = makeSets();

const ALL_SPECIAL = AddressSet.unionOf([...SPECIAL_SETS.values()]);

/** Takes every address that is not global out of a set and says how many of each class there were. */
export function removeSpecial(set: AddressSet): { kept: AddressSet; removed: RemovedClass[] } {
  const kept = set.subtract(ALL_SPECIAL);
  const special = set.intersect(ALL_SPECIAL);
  const removed: RemovedClass[] = [];
  for (const [name, members] of special.isEmpty ? [] : SPECIAL_SETS) {
    const part = special.intersect(members);
    const { addresses4, addresses6 } = part.counts();
    if (!part.isEmpty)
      removed.push({ class: name, ranges: part.rangeCount, addresses: BigInt(addresses4) + addresses6 });
  }
  return { kept, removed };
}

function makeSets(): ReadonlyMap<SpecialClass, AddressSet> {
  const sets = new Map<AddressClass, AddressSet>();
  // The most specific block decides, so the wide ones go first and give up what a narrower one claims.
  for (const { block, addressClass } of SPECIAL_BLOCKS.toReversed()) {
    const claimed = AddressSet.of([block]);
    for (const [name, set] of sets) sets.set(name, set.subtract(claimed));
    sets.set(addressClass, (sets.get(addressClass) ?? AddressSet.empty).union(claimed));
  }
  const special = new Map<SpecialClass, AddressSet>();
  for (const [name, set] of sets) if (name !== 'global' && name !== 'mixed') special.set(name, set);
  return special;
}
