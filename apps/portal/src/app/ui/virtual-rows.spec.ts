import { RowLayout } from './virtual-rows';

describe('RowLayout', () => {
  it('lays rows of one height without walking over them', () => {
    const layout = new RowLayout(10_000_000, 28, new Map());
    expect(layout.height).toBe(280_000_000);
    expect(layout.indexAt(28 * 9_900_000 + 5)).toBe(9_900_000);
    expect(layout.offsetOf(9_900_000)).toBe(277_200_000);
  });

  it('makes room below opened rows', () => {
    const layout = new RowLayout(
      10,
      20,
      new Map([
        [5, 200],
        [2, 100],
      ]),
    );
    expect(layout.height).toBe(500);
    expect([0, 2, 3, 5, 6].map((index) => layout.offsetOf(index))).toEqual([0, 40, 160, 200, 420]);
  });

  it('finds the row at every distance, also within what is opened', () => {
    const layout = new RowLayout(
      10,
      20,
      new Map([
        [2, 100],
        [5, 200],
      ]),
    );
    for (let index = 0; index < 10; index += 1) {
      expect(layout.indexAt(layout.offsetOf(index))).toBe(index);
      expect(layout.indexAt(layout.offsetOf(index + 1) - 1)).toBe(index);
    }
    expect(layout.indexAt(-50)).toBe(0);
    expect(layout.indexAt(99_999)).toBe(9);
    expect(new RowLayout(0, 20, new Map()).indexAt(10)).toBe(0);
  });
});
