import { AddressSet } from '@bangui/ip';

/** A source with its stored feeds, packed. */
export interface OverlapInput {
  readonly id: string;
  readonly packed: readonly Uint8Array[];
}

/** How much two sources have in common. */
export interface OverlapPair {
  readonly ranges: number;
  readonly addresses4: number;
}

/** How sources overlap, in the order of the input. */
export interface OverlapResult {
  readonly ids: readonly string[];
  /** What each holds alone: nothing of it is in any other source. */
  readonly unique: readonly OverlapPair[];
  /** A row for each source; the diagonal is all that it holds. */
  readonly shared: readonly (readonly OverlapPair[])[];
}

/** Compares every source with every other one. */
export function overlapOf(inputs: readonly OverlapInput[]): OverlapResult {
  const sets = inputs.map(({ packed }) =>
    AddressSet.unionOf(packed.map((bytes) => AddressSet.decode(bytes) ?? AddressSet.empty)),
  );
  const rows: OverlapPair[][] = sets.map(() => []);
  sets.forEach((set, row) => {
    for (let column = row; column < sets.length; column += 1) {
      const pair = sizeOf(column === row ? set : set.intersect(sets[column] ?? AddressSet.empty));
      const [mine, theirs] = [rows[row], rows[column]];
      if (mine) mine[column] = pair;
      if (theirs) theirs[row] = pair;
    }
  });
  return { ids: inputs.map(({ id }) => id), unique: uniqueParts(sets), shared: rows };
}

/** The union of all but one is the union of those before it and those after it. */
function uniqueParts(sets: readonly AddressSet[]): OverlapPair[] {
  const after: AddressSet[] = [];
  let union = AddressSet.empty;
  for (const set of sets.toReversed()) {
    after.unshift(union);
    union = union.union(set);
  }
  let before = AddressSet.empty;
  return sets.map((set, index) => {
    const alone = set.subtract(before).subtract(after[index] ?? AddressSet.empty);
    before = before.union(set);
    return sizeOf(alone);
  });
}

function sizeOf(set: AddressSet): OverlapPair {
  return { ranges: set.rangeCount, addresses4: set.counts().addresses4 };
}
