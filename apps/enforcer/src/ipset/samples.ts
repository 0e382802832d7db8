import { Network, type AddressSet, type Family } from '@bangui/ip';
import { type WantedSet } from '../wanted-set.ts';
import { type Ipset } from './ipset.ts';
import { type Sides } from './loads.ts';
import { allowSet, FAMILIES, hostSet, networkSet } from './set-names.ts';

/** Addresses that are looked up in each list and family. */
const SAMPLES = 4;

/** Whether an address taken at random from what should be in force is in none of the kernel's sets. */
export async function missingSamples(ipset: Ipset, wanted: WantedSet, sides: Sides): Promise<boolean> {
  const found = await Promise.all(
    FAMILIES.flatMap((family) => [
      ...sample(wanted.blocked, family).map((address) =>
        isInOne(ipset, [hostSet(family, sides[family]), networkSet(family, sides[family])], address),
      ),
      ...sample(wanted.allowed, family).map((address) => isInOne(ipset, [allowSet(family)], address)),
    ]),
  );
  return found.includes(false);
}

async function isInOne(ipset: Ipset, sets: readonly string[], address: string): Promise<boolean> {
  for (const set of sets) if (await ipset.has(set, address)) return true;
  return false;
}

/** First or last addresses of ranges taken at random. */
function sample(set: AddressSet, family: Family): string[] {
  const list = family === 4 ? set.v4 : set.v6;
  const count = Math.min(SAMPLES, list.length);
  return Array.from({ length: count }, () => {
    // An even index of addresses is the first of a range, an odd one the last.
    const at = Math.floor(Math.random() * 2 * list.length) * list.width;
    const value = list.words.slice(at, at + list.width).reduce((sum, word) => (sum << 32n) | BigInt(word), 0n);
    return Network.of(family, value, family === 4 ? 32 : 128)?.toString() ?? '';
  });
}
