/** The last index below `length` of which it is true, given that it is true up to some index; -1 for none. */
export function lastAtMost(length: number, isAtMost: (index: number) => boolean): number {
  let low = 0;
  let high = length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isAtMost(middle)) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
