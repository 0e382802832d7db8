import { AddressSet, AddressSetBuilder, Network } from '@bangui/ip';
import { expect, it } from 'vitest';
import { wantedSet } from './wanted-set.ts';

function set(...texts: string[]): AddressSet {
  return AddressSet.of(texts.map((text) => Network.parse(text)).filter((each) => each !== undefined));
}

/** So many addresses that their memory is given back at once. */
function many(firstOctet: number): AddressSet {
  const hosts4 = Uint32Array.from({ length: 20_000 }, (_, index) => firstOctet * 2 ** 24 + 2 * index);
  const builder = new AddressSetBuilder();
  builder.addBatch({ hosts4, ranges4: new Uint32Array(), ranges6: new Uint32Array(), invalid: 0 });
  return builder.build().set;
}

const textsOf = (packed: Uint8Array): string[] => [...(AddressSet.decode(packed)?.networks() ?? [])].map(String);

it('joins the lists without who is let through, and says nothing of what leads to the first set but how much came', async () => {
  const lists = new Map([
    ['a', set('192.0.2.0/30')],
    ['b', set('192.0.2.8', '2001:db8::/32')],
  ]);
  const inputs = { lists: ['a', 'b'], allowed: set('192.0.2.1').encode(), previous: undefined };
  const output = await wantedSet(inputs, (name) => Promise.resolve(lists.get(name)?.encode()));
  if (!output) throw new Error('no set');
  expect(textsOf(output.blocked)).toEqual(['192.0.2.0', '192.0.2.2/31', '192.0.2.8', '2001:db8::/32']);
  expect(output).toMatchObject({ ranges: 4, addedRanges: 4, removedRanges: 0 });
  expect(output.hash).toBe(AddressSet.hashOf(output.blocked));
  expect(textsOf(output.added)).toEqual([]);
  expect(textsOf(output.removed)).toEqual([]);
});

it.each([
  ['one list', ['new']],
  ['two lists', ['new', 'other']],
])('says what leads from one set of %s to the next, at any size', async (_what, lists) => {
  const stored: Record<string, AddressSet> = {
    new: many(23),
    other: set('192.0.2.7'),
    before: many(23).union(many(24)),
  };
  const inputs = { lists, allowed: AddressSet.empty.encode(), previous: 'before' };
  const output = await wantedSet(inputs, (name) => Promise.resolve(stored[name]?.encode()));
  const wanted = AddressSet.unionOf(lists.map((name) => stored[name] ?? AddressSet.empty));
  expect(AddressSet.decode(output?.blocked ?? new Uint8Array())?.equals(wanted)).toBe(true);
  expect(textsOf(output?.added ?? new Uint8Array())).toEqual(lists.length === 1 ? [] : ['192.0.2.7']);
  expect(AddressSet.decode(output?.removed ?? new Uint8Array())?.equals(many(24))).toBe(true);
  expect(output).toMatchObject({ ranges: wanted.rangeCount, removedRanges: 20_000 });
});

it('makes no set when one of its lists, or the set before, is gone by now', async () => {
  const stored = (name: string) => Promise.resolve(name === 'a' ? set('192.0.2.1').encode() : undefined);
  const allowed = AddressSet.empty.encode();
  expect(await wantedSet({ lists: ['a', 'gone'], allowed, previous: undefined }, stored)).toBeUndefined();
  expect(await wantedSet({ lists: ['a'], allowed, previous: 'gone' }, stored)).toBeUndefined();
});
