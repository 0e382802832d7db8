import { type AddressSet, type SetChange } from '@bangui/ip';
import { grouped } from '../../../core/grouped.ts';

/** Lists up to this many changed ranges change as they like: in a small list every change is a large share. */
const freeRanges = 100;
/** IPv4 addresses that a list may cover more than before: as many as one /8 holds. */
const mostAdded4 = 2 ** 24;
/** IPv4 addresses that a list may cover when it first comes: a quarter of all. */
const mostAtFirst4 = 2 ** 30;

/**
 * Says what makes a new list look broken, so that somebody has to look at it first; undefined when nothing does.
 * @param before the list so far; undefined when there is none
 * @param change what leads from there to the new list
 */
export function suspicionOf(
  before: AddressSet | undefined,
  after: AddressSet,
  { added, removed }: SetChange,
  maxChangePercent: number,
): string | undefined {
  if (after.isEmpty) return before?.isEmpty ? undefined : 'It holds no address at all.';
  if (!before || before.isEmpty) {
    const { addresses4 } = after.counts();
    return addresses4 > mostAtFirst4
      ? `It covers ${grouped(addresses4)} addresses, more than a quarter of all.`
      : undefined;
  }
  for (const [part, verb] of [
    [removed, 'went'],
    [added, 'came'],
  ] as const) {
    const percent = Math.round((100 * part.rangeCount) / before.rangeCount);
    if (part.rangeCount > freeRanges && percent > maxChangePercent) {
      return `${grouped(part.rangeCount)} entries ${verb}, ${grouped(percent)} % of the ${grouped(before.rangeCount)} so far; ${grouped(maxChangePercent)} % are allowed.`;
    }
  }
  const { addresses4 } = added.counts();
  return addresses4 > mostAdded4 ? `It covers ${grouped(addresses4)} addresses more than before.` : undefined;
}
