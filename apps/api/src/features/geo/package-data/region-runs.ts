/** Where the region changes, in order. There are millions of changes, so they are kept as numbers, not as objects. */
export class RegionRuns {
  private starts = new BigUint64Array(1_024);
  /** Of names, beginning with 1; 0 for none. */
  private numbers = new Uint16Array(1_024);
  private count = 0;
  private readonly names: string[] = [];
  private readonly numberOf = new Map<string, number>();

  /** From `start` on the region is another one, or null for none. Nothing happens when it is the one before. */
  add(start: bigint, name: string | null): void {
    const number = name === null ? 0 : this.number(name);
    if (number === (this.numbers[this.count - 1] ?? 0)) return;
    if (this.count === this.starts.length) this.grow();
    this.starts[this.count] = start;
    this.numbers[this.count] = number;
    this.count += 1;
  }

  /** First address and region of every run. */
  *[Symbol.iterator](): Generator<readonly [bigint, string | null]> {
    for (let index = 0; index < this.count; index += 1) {
      yield [this.starts[index] ?? 0n, this.names[(this.numbers[index] ?? 0) - 1] ?? null];
    }
  }

  /** How many runs each name has. */
  uses(): Map<string, number> {
    const counts = new Uint32Array(this.names.length + 1);
    for (const number of this.numbers.subarray(0, this.count)) counts[number] = (counts[number] ?? 0) + 1;
    return new Map(this.names.map((name, index) => [name, counts[index + 1] ?? 0]));
  }

  private number(name: string): number {
    const known = this.numberOf.get(name);
    if (known !== undefined) return known;
    const number = this.names.push(name);
    if (number > 65_535) throw new Error('There are too many regions.');
    this.numberOf.set(name, number);
    return number;
  }

  private grow(): void {
    const [starts, numbers] = [new BigUint64Array(2 * this.count), new Uint16Array(2 * this.count)];
    starts.set(this.starts);
    numbers.set(this.numbers);
    this.starts = starts;
    this.numbers = numbers;
  }
}
