import { setImmediate as nextTurn } from 'node:timers/promises';
import { type BanRecord, compareBans } from './ban-record.ts';

/** Records handled between two turns of the event loop: a few milliseconds of work. */
const chunk = 5_000;
/** Up to this many changes are put in place one by one; more are cheaper to merge. */
const maxSingle = 500;

/** Index of the first record that does not come before the given one. */
export function positionOf(sorted: readonly BanRecord[], ban: Parameters<typeof compareBans>[0]): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = sorted[middle];
    if (record && compareBans(record, ban) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * Gives the sorted list without the removed and with the added records. The given list is not changed. Lets the event
 * loop turn in between, however long the lists are.
 */
export async function changeSorted(
  sorted: readonly BanRecord[],
  added: readonly BanRecord[],
  removed: readonly BanRecord[],
): Promise<BanRecord[]> {
  if (added.length + removed.length <= maxSingle) return changeSingly(sorted, added, removed);
  const isRemoved = new Set(removed);
  const rest = removed.length === 0 ? sorted : await filterInChunks(sorted, (ban) => !isRemoved.has(ban));
  return mergeInChunks(rest, await sortInChunks(added));
}

function changeSingly(
  sorted: readonly BanRecord[],
  added: readonly BanRecord[],
  removed: readonly BanRecord[],
): BanRecord[] {
  const list = [...sorted];
  for (const ban of removed) {
    const position = positionOf(list, ban);
    if (list[position] === ban) list.splice(position, 1);
  }
  for (const ban of added) list.splice(positionOf(list, ban), 0, ban);
  return list;
}

/** Gives the records that pass, letting the event loop turn in between. */
async function filterInChunks(list: readonly BanRecord[], passes: (ban: BanRecord) => boolean): Promise<BanRecord[]> {
  const passed: BanRecord[] = [];
  for (let start = 0; start < list.length; start += chunk) {
    for (const ban of list.slice(start, start + chunk)) if (passes(ban)) passed.push(ban);
    await nextTurn();
  }
  return passed;
}

async function sortInChunks(list: readonly BanRecord[]): Promise<BanRecord[]> {
  let runs: BanRecord[][] = [];
  for (let start = 0; start < list.length; start += chunk) {
    runs.push(list.slice(start, start + chunk).sort(compareBans));
    await nextTurn();
  }
  while (runs.length > 1) {
    const merged: BanRecord[][] = [];
    for (let index = 0; index < runs.length; index += 2) {
      merged.push(await mergeInChunks(runs[index] ?? [], runs[index + 1] ?? []));
    }
    runs = merged;
  }
  return runs[0] ?? [];
}

async function mergeInChunks(one: readonly BanRecord[], other: readonly BanRecord[]): Promise<BanRecord[]> {
  const merged: BanRecord[] = [];
  let left = 0;
  let right = 0;
  for (;;) {
    const a = one[left];
    const b = other[right];
    if (!a && !b) return merged;
    if (a && (!b || compareBans(a, b) <= 0)) {
      merged.push(a);
      left += 1;
    } else if (b) {
      merged.push(b);
      right += 1;
    }
    if (merged.length % chunk === 0) await nextTurn();
  }
}
