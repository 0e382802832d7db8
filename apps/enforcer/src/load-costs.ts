/** Milliseconds for each entry before anything was measured here: of a virtual machine with two cores. */
const FIRST_GUESS = { full: 0.0025, change: 0.006 };
/** A load this small says more about starting a program than about its entries. */
const SMALLEST_SAMPLE = 10_000;

/** Knows from earlier loads whether it is quicker to change the sets in force or to load them anew. */
export class LoadCosts {
  private full = FIRST_GUESS.full;
  private change = FIRST_GUESS.change;

  /** Learns from a full load. */
  fullLoadTook(ms: number, entries: number): void {
    if (entries >= SMALLEST_SAMPLE) this.full = (this.full + ms / entries) / 2;
  }

  /** Learns from a difference. */
  differenceTook(ms: number, changes: number): void {
    if (changes >= SMALLEST_SAMPLE) this.change = (this.change + ms / changes) / 2;
  }

  /** Whether so many changes take less time than loading `entries` anew. Small ones always do: a full load needs room for all twice. */
  isDifferenceCheaper(changes: number, entries: number): boolean {
    return changes < SMALLEST_SAMPLE || changes * this.change < entries * this.full;
  }
}
