import { AddressSet, type BuiltSet, removeSpecial } from '@bangui/ip';
import { type Dropped, type FeedCounts } from './funnel.ts';

/** Takes out of a feed what has no place in a blocklist, and counts it. */
export function cleanSet({ set, ...built }: BuiltSet, own: AddressSet, counts: FeedCounts): AddressSet {
  counts.entries += built.entries + built.tooBroad + built.beyondLimit;
  counts.invalid += built.invalid;
  counts.tooBroad += built.tooBroad;
  counts.beyondLimit += built.beyondLimit;
  const { kept, removed } = removeSpecial(set);
  for (const { class: name, ranges, addresses } of removed) {
    counts.special[name] = sum(counts.special[name], { ranges, addresses: Number(addresses) });
  }
  const mine = kept.intersect(own);
  if (mine.isEmpty) return kept;
  counts.own = sum(counts.own, droppedOf(mine));
  return kept.subtract(own);
}

/** How much a set holds. */
export function droppedOf(set: AddressSet): Dropped {
  const { addresses4, addresses6 } = set.counts();
  return { ranges: set.rangeCount, addresses: addresses4 + Number(addresses6) };
}

function sum(one: Dropped | undefined, other: Dropped): Dropped {
  return { ranges: (one?.ranges ?? 0) + other.ranges, addresses: (one?.addresses ?? 0) + other.addresses };
}
