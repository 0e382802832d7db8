import { expect, it } from 'vitest';
import { grouped } from './grouped.ts';

it.each([
  [0, '0'],
  [999, '999'],
  [1_234, '1,234'],
  [1_073_741_825, '1,073,741,825'],
  [5.5, '5.5'],
])('writes %d as %s', (value, text) => {
  expect(grouped(value)).toBe(text);
});
