import { BlockList } from 'node:net';
import { expect, test } from 'vitest';
import { DemoTraffic } from './traffic.ts';

/** A repeatable stand-in for Math.random. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const now = new Date('2026-11-22T10:20:30.456Z');
const lines = (count: number, seed = 1) => {
  const traffic = new DemoTraffic(seeded(seed));
  return Array.from({ length: count }, () => traffic.next(now));
};

test('names no address outside of the networks for documentation', () => {
  const documentation = new BlockList();
  documentation.addSubnet('192.0.2.0', 24);
  documentation.addSubnet('198.51.100.0', 24);
  documentation.addSubnet('203.0.113.0', 24);
  documentation.addSubnet('2001:db8::', 32, 'ipv6');
  const families = new Set<string>();
  for (const { address, line } of lines(5000)) {
    const family = address.includes(':') ? 'ipv6' : 'ipv4';
    families.add(family);
    expect(documentation.check(address, family), address).toBe(true);
    expect(line).toContain(address);
  }
  expect(families.size).toBe(2);
});

test('has a few dozen attackers with three attempts each within the first seconds', () => {
  const attempts = new Map<string, number>();
  let elapsedMs = 0;
  for (const { jail, address, pauseMs } of lines(1000)) {
    if (elapsedMs > 15_000) break;
    elapsedMs += pauseMs;
    attempts.set(`${jail} ${address}`, (attempts.get(`${jail} ${address}`) ?? 0) + 1);
  }
  expect([...attempts.values()].filter((count) => count >= 3).length).toBeGreaterThanOrEqual(20);
});

test('goes on at the pace of people: about one attacker every few seconds', () => {
  const steady = lines(2000).slice(500);
  const seconds = steady.reduce((sum, { pauseMs }) => sum + pauseMs, 0) / 1000;
  const attackers = new Set(steady.map(({ jail, address }) => `${jail} ${address}`)).size;
  expect(seconds / attackers).toBeGreaterThan(1.5);
  expect(seconds / attackers).toBeLessThan(6);
});

test('differs with its seed only', () => {
  expect(lines(50)).toEqual(lines(50));
  expect(lines(50)).not.toEqual(lines(50, 2));
});
