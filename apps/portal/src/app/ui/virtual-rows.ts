/**
 * Where the rows of a long list lie when only those in view are drawn. All rows have one height; opened ones have more.
 * Heights in pixels.
 */
export class RowLayout {
  private readonly opened: readonly (readonly [index: number, extra: number])[];

  /** `extras` are the rows with something below them, and how high that is. */
  constructor(
    private readonly count: number,
    private readonly rowHeight: number,
    extras: ReadonlyMap<number, number>,
  ) {
    this.opened = [...extras].filter(([index]) => index < count).sort(([a], [b]) => a - b);
  }

  /** Height of all rows. */
  get height(): number {
    return this.offsetOf(this.count);
  }

  /** Distance of the row's top from the top of the list. */
  offsetOf(index: number): number {
    let offset = index * this.rowHeight;
    for (const [opened, extra] of this.opened) {
      if (opened >= index) break;
      offset += extra;
    }
    return offset;
  }

  /** The row at this distance from the top, within the list. */
  indexAt(offset: number): number {
    let shift = 0;
    for (const [opened, extra] of this.opened) {
      const top = opened * this.rowHeight + shift;
      const end = top + this.rowHeight + extra;
      if (offset < end) return this.inside(offset < top ? (offset - shift) / this.rowHeight : opened);
      shift += extra;
    }
    return this.inside((offset - shift) / this.rowHeight);
  }

  private inside(index: number): number {
    return Math.min(Math.max(0, Math.floor(index)), Math.max(0, this.count - 1));
  }
}
