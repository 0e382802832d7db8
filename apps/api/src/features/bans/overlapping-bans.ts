import { Network } from '@bangui/ip';
import { type BanRecord, lastKeyText, networkKey } from './ban-record.ts';

/** The bans that share an address with one of these networks, in the order given. Cheap for many bans. */
export function overlappingBans(bans: readonly BanRecord[], networks: readonly Network[]): BanRecord[] {
  const ranges = mergedRanges(networks);
  return bans.filter(({ address, key }) => {
    if (key.family === undefined) return false;
    const network = key.prefix === 128 ? undefined : Network.parse(address);
    const last = network ? lastKeyText(network) : key.text;
    // The last range that begins before the ban ends is the only one that can reach it, because ranges are disjoint.
    const range = ranges[countUpTo(ranges, last) - 1];
    return range !== undefined && range.last >= key.text;
  });
}

interface KeyRange {
  readonly first: string;
  last: string;
}

function mergedRanges(networks: readonly Network[]): KeyRange[] {
  const ranges = networks
    .map((network): KeyRange => ({ first: networkKey(network).text, last: lastKeyText(network) }))
    .toSorted((one, other) => (one.first < other.first ? -1 : Number(one.first > other.first)));
  const merged: KeyRange[] = [];
  for (const range of ranges) {
    const previous = merged.at(-1);
    if (!previous || range.first > previous.last) merged.push(range);
    else if (range.last > previous.last) previous.last = range.last;
  }
  return merged;
}

/** How many ranges begin at or before it; they are in order. */
function countUpTo(ranges: readonly KeyRange[], text: string): number {
  let low = 0;
  let high = ranges.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((ranges[middle]?.first ?? '') <= text) low = middle + 1;
    else high = middle;
  }
  return low;
}
