import { expect, it } from 'vitest';
import { LoadCosts } from './load-costs.ts';

it('prefers the difference for few changes and the full load for many', () => {
  const costs = new LoadCosts();
  expect(costs.isDifferenceCheaper(20_000, 1_000_000)).toBe(true);
  expect(costs.isDifferenceCheaper(900_000, 1_000_000)).toBe(false);
});

it('moves the border as it measures', () => {
  const costs = new LoadCosts();
  for (let round = 0; round < 20; round += 1) costs.differenceTook(100_000, 100_000);
  expect(costs.isDifferenceCheaper(20_000, 1_000_000)).toBe(false);
  for (let round = 0; round < 20; round += 1) costs.fullLoadTook(100_000, 100_000);
  expect(costs.isDifferenceCheaper(900_000, 1_000_000)).toBe(true);
});

it('learns nothing from loads too small to tell', () => {
  const costs = new LoadCosts();
  for (let round = 0; round < 20; round += 1) costs.differenceTook(100_000, 10);
  expect(costs.isDifferenceCheaper(20_000, 1_000_000)).toBe(true);
});

it('never loads all anew for a few', () => {
  expect(new LoadCosts().isDifferenceCheaper(100, 3)).toBe(true);
});
