import { type Family } from '@bangui/ip';

/**
 * Hosts and networks of a family live in two sets, and those in a list that the rule names. There are two pairs, so that a full
 * load fills the idle pair and then swaps the lists: hosts and networks change at the same moment, and an address that moves from one to the other is never
 * in neither.
 */
export type Side = 'a' | 'b';

/** The families in the order we go through them. */
export const FAMILIES: readonly Family[] = [4, 6];

/** Name of the set that the rule of a family drops by. */
export const blockList = (family: Family): string => `bangui-block${family}`;
/** Name of the set that the rule of a family lets through by. */
export const allowSet = (family: Family): string => `bangui-allow${family}`;
/** Name of the set of single addresses on one side. */
export const hostSet = (family: Family, side: Side): string => `bangui-h${family}${side}`;
/** Name of the set of networks on one side. */
export const networkSet = (family: Family, side: Side): string => `bangui-n${family}${side}`;
/** Name of a set that is being filled and then swapped with `name`. */
export const nextOf = (name: string): string => `${name}n`;

/** Whether a set was made by us. */
export function isOurs(name: string): boolean {
  return /^bangui-(?:(?:block|allow)[46]n?|[hn][46][ab])$/.test(name);
}

/** The side that is not this one. */
export function otherSide(side: Side | undefined): Side {
  return side === 'a' ? 'b' : 'a';
}
