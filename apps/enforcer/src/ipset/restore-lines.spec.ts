import { AddressSet, type Family, Network } from '@bangui/ip';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ChangedBlocks } from './changed-blocks.ts';
import { entriesOf } from './entries.ts';
import { changesBetween, countChanges, difference, expectedEntries } from './loads.ts';
import { blockLines, countEntries } from './restore-lines.ts';
import { manyAddresses } from '../testing/many-addresses.ts';

const anyNetwork = fc
  .oneof(
    fc.tuple(fc.constant(4 as const), fc.bigInt({ min: 0n, max: 2n ** 32n - 1n }), fc.integer({ min: 1, max: 32 })),
    fc.tuple(fc.constant(6 as const), fc.bigInt({ min: 0n, max: 2n ** 128n - 1n }), fc.integer({ min: 1, max: 128 })),
    // Near to each other, so that blocks of two sets meet.
    fc.tuple(fc.constant(4 as const), fc.bigInt({ min: 0n, max: 40n }), fc.integer({ min: 26, max: 32 })),
    fc.tuple(fc.constantFrom(4 as const, 6 as const), fc.constant(0n), fc.integer({ min: 0, max: 2 })),
  )
  .map(([family, value, prefix]) => Network.of(family, value, prefix))
  .filter((each) => each !== undefined);
const anySet = fc.array(anyNetwork, { maxLength: 15 }).map((networks) => AddressSet.of(networks));
const halves: Readonly<Record<string, readonly string[]>> = {
  '0.0.0.0/0': ['0.0.0.0/1', '128.0.0.0/1'],
  '::/0': ['::/1', '8000::/1'],
};

const SIDES = { 4: 'a', 6: 'b' } as const;

/** What a set is in the kernel, which knows no /0. */
function entriesIn(set: AddressSet, ...families: Family[]): string[] {
  const networks = [...set.networks()].filter(({ family }) => families.includes(family));
  return networks.map(String).flatMap((text) => halves[text] ?? [text]);
}

function linesOf(chunks: Iterable<Uint8Array>): string[] {
  const text = [...chunks].map((chunk) => Buffer.from(chunk).toString()).join('');
  return text.split('\n').filter(Boolean);
}

describe('blockLines', () => {
  it('names every host and network of a set once, in its own set', () => {
    fc.assert(
      fc.property(anySet, (set) => {
        for (const family of [4, 6] as const) {
          const lines = linesOf(blockLines(entriesOf(set, family), { host: 'add h', network: 'add n' }));
          const networks = lines.map((line) => Network.parse(line.slice('add h '.length)));
          expect(networks.map(String)).toEqual(entriesIn(set, family));
          expect(lines.map((line) => line.slice(0, 5))).toEqual(
            networks.map((each) => (each?.isAddress ? 'add h' : 'add n')),
          );
          const { hosts, networks: wide } = countEntries(entriesOf(set, family));
          expect(hosts + wide).toBe(lines.length);
        }
      }),
    );
  });

  it('makes chunks of a bounded size that end with their lines', () => {
    const chunks = [...blockLines(manyAddresses(50_000, 1).blocks(4), { host: 'add h', network: 'add n' })];
    expect(chunks.length).toBeGreaterThan(10);
    for (const chunk of chunks) {
      expect(chunk.length).toBeLessThanOrEqual(65_536);
      expect(chunk.at(-1)).toBe(10);
    }
  });
});

describe('ChangedBlocks', () => {
  it('are those of the first set that the second does not have', () => {
    fc.assert(
      fc.property(anySet, anySet, (left, right) => {
        for (const family of [4, 6] as const) {
          const others = new Set(entriesIn(right, family));
          const changed = new ChangedBlocks(entriesOf(left, family), entriesOf(right, family));
          const lines = linesOf(blockLines(changed, { host: '', network: '' })).map((line) => line.trim());
          expect(lines.map((line) => Network.parse(line)?.toString())).toEqual(
            entriesIn(left, family).filter((each) => !others.has(each)),
          );
        }
      }),
      { numRuns: 300 },
    );
  });
});

describe('difference', () => {
  it('turns the entries of one set into those of another and adds before it deletes', () => {
    fc.assert(
      fc.property(anySet, anySet, (from, to) => {
        const entries = new Set(entriesIn(from, 4, 6));
        const lines = linesOf(difference({ blocked: { from, to }, allowed: { from: to, to: from } }, SIDES));
        const verbs = lines.map((line) => line.slice(0, 3));
        expect(verbs.lastIndexOf('add')).toBeLessThan(verbs.includes('del') ? verbs.indexOf('del') : lines.length);
        for (const line of lines.filter((each) => !each.includes('allow'))) {
          const [verb, name = '', text = ''] = line.split(' ');
          const network = Network.parse(text);
          if (!network) throw new Error(line);
          expect(name).toBe(
            `bangui-${network.isAddress ? 'h' : 'n'}${network.family}${network.family === 4 ? 'a' : 'b'}`,
          );
          // Nothing is added twice and nothing deleted that is not there.
          expect(entries.has(network.toString())).toBe(verb === 'del');
          if (verb === 'add') entries.add(network.toString());
          else entries.delete(network.toString());
        }
        expect([...entries].sort()).toEqual(entriesIn(to, 4, 6).sort());
      }),
      { numRuns: 300 },
    );
  });

  it('is the same when only the ranges are looked at in which the sets differ, and says what they hold afterwards', () => {
    fc.assert(
      fc.property(anySet, anySet, anySet, anySet, (blocked, allowed, nextBlocked, nextAllowed) => {
        const from = { blocked, allowed };
        const to = { blocked: nextBlocked.union(blocked), allowed: nextAllowed };
        const whole = {
          blocked: { from: from.blocked, to: to.blocked },
          allowed: { from: from.allowed, to: to.allowed },
        };
        const changes = changesBetween(from, to);
        const lines = linesOf(difference(changes, SIDES));
        expect(lines).toEqual(linesOf(difference(whole, SIDES)));
        expect(countChanges(changes, expectedEntries(from, SIDES), SIDES)).toEqual({
          count: lines.length,
          expected: expectedEntries(to, SIDES),
        });
      }),
    );
  });
});
