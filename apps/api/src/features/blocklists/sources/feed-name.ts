/** Name of the feed of all lists together. */
export const mergedFeed = 'merged';

/** Longest name without the number that keeps it apart from others. */
const maxLength = 50;

/** A name for the feed of a list: from its own name, for addresses, and not taken yet. */
export function freeFeedName(name: string, taken: ReadonlySet<string>): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/g, '-')
    .slice(0, maxLength)
    .replaceAll(/^-|-$/g, '');
  const base = plain === '' ? 'list' : plain;
  const isFree = (one: string): boolean => one !== mergedFeed && !taken.has(one);
  let candidate = base;
  for (let number = 2; !isFree(candidate); number += 1) candidate = `${base}-${number}`;
  return candidate;
}
