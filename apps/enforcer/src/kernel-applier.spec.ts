import { AddressSet, Network } from '@bangui/ip';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { KernelApplier } from './kernel-applier.ts';
import { LoadCosts } from './load-costs.ts';
import { NetworkPair } from './testing/network-pair.ts';
import { manyAddresses } from './testing/many-addresses.ts';
import { type WantedSet } from './wanted-set.ts';

const LISTED = '198.51.100.7';
const IN_LISTED_NETWORK = '203.0.113.9';
const ALLOWED = '203.0.113.10';
const GOOD = '192.0.2.5';
const LISTED6 = '2001:db8:9::7';
const GOOD6 = '2001:db8:9::8';

function set(...texts: string[]): AddressSet {
  return AddressSet.of(texts.map((text) => Network.parse(text)).filter((each) => each !== undefined));
}

let generation = 0;
function wanted(blocked: AddressSet, more: Partial<WantedSet> = {}): WantedSet {
  generation += 1;
  return { generation, blocked, allowed: set(ALLOWED), placement: 'raw', ...more };
}

const BLOCKED = set(LISTED, '203.0.113.0/24', LISTED6);

let pair: NetworkPair;
let applier: KernelApplier;

/** Who of the outside reaches the host. */
async function reached(...sources: string[]): Promise<string[]> {
  const answers = await Promise.all(sources.map(async (each) => ((await pair.ping(each)).received > 0 ? [each] : [])));
  return answers.flat();
}

const everyone = [LISTED, IN_LISTED_NETWORK, ALLOWED, GOOD, LISTED6, GOOD6];
const innocent = [ALLOWED, GOOD, GOOD6];

beforeAll(async () => {
  pair = await NetworkPair.open(everyone);
  applier = new KernelApplier(pair.host);
});
afterAll(() => pair.close());
afterEach(() => applier.remove());

describe.each(['raw', 'established'] as const)('enforcing in the place "%s"', (placement) => {
  it('drops who is listed, alone or by network, and nobody else', async () => {
    expect(await reached(...everyone)).toEqual(everyone);
    const applied = await applier.apply(wanted(BLOCKED, { placement }));
    expect(applied).toMatchObject({ method: 'full', repaired: [], state: { blockedEntries: 3, allowedEntries: 1 } });
    expect(await reached(...everyone)).toEqual(innocent);
    const { state, drift } = await applier.inspect();
    expect(drift).toEqual([]);
    expect(state.droppedPackets).toBe(3);
    expect(state.droppedBytes).toBeGreaterThan(3 * 60);
  });

  it('leaves nothing behind when it is removed', async () => {
    await applier.apply(wanted(BLOCKED, { placement }));
    await applier.remove();
    expect(await pair.host.run('ipset', ['list', '-n'])).toBe('');
    for (const program of ['iptables', 'ip6tables']) {
      for (const table of ['raw', 'filter']) {
        expect(await pair.host.run(program, ['-t', table, '-S'])).not.toContain('BANGUI');
      }
    }
    expect(await reached(...everyone)).toEqual(everyone);
  });

  it('lets the loopback interface be, whatever is listed', async () => {
    await applier.apply(wanted(set('127.0.0.0/8', '::1'), { placement }));
    await expect(pair.host.run('ping', ['-c', '1', '-W', '1', '127.0.0.1'])).resolves.toContain('1 received');
    await expect(pair.host.run('ping', ['-c', '1', '-W', '1', '::1'])).resolves.toContain('1 received');
  });
});

describe('the answers to a connection of our own', () => {
  it.each([
    ['raw', 0],
    ['established', 1],
  ] as const)('from a listed address come back in "%s" %i times', async (placement, received) => {
    await applier.apply(wanted(BLOCKED, { placement }));
    const text = await pair.host.run('ping', ['-c', '1', '-W', '1', LISTED]).catch(String);
    expect(text.includes('1 received')).toBe(received === 1);
  });
});

describe('a change of what is wanted', () => {
  it('is applied by the difference, entry by entry', async () => {
    await applier.apply(wanted(BLOCKED));
    const applied = await applier.apply(wanted(set(GOOD, '203.0.113.0/25', GOOD6), { allowed: set(LISTED) }));
    expect(applied).toMatchObject({
      method: 'difference',
      changes: 3 + 3 + 2,
      state: { blockedEntries: 3, allowedEntries: 1 },
    });
    expect(await reached(...everyone)).toEqual([LISTED, LISTED6]);
    expect((await applier.inspect()).drift).toEqual([]);
  });

  it('is nothing when the addresses are the same', async () => {
    await applier.apply(wanted(BLOCKED));
    expect(await applier.apply(wanted(set('203.0.113.0/25', '203.0.113.128/25', LISTED, LISTED6)))).toMatchObject({
      method: 'unchanged',
      changes: 0,
      generation,
    });
  });

  it('may move the rules to another place and takes the old ones away', async () => {
    await applier.apply(wanted(BLOCKED));
    expect(await applier.apply(wanted(BLOCKED, { placement: 'established' }))).toMatchObject({ method: 'unchanged' });
    expect(await pair.host.run('iptables', ['-t', 'raw', '-S'])).not.toContain('BANGUI');
    expect(await reached(...everyone)).toEqual(innocent);
  });

  it('can be everything, and nothing', async () => {
    await applier.apply(wanted(set('0.0.0.0/0', '::/0'), { allowed: set() }));
    expect(await reached(LISTED, GOOD)).toEqual([]);
    await applier.apply(wanted(set('0.0.0.0/0'), { allowed: set('0.0.0.0/0', '::/0') }));
    expect(await reached(...everyone)).toEqual(everyone);
    expect((await applier.apply(wanted(set(), { allowed: set() }))).state).toMatchObject({
      blockedEntries: 0,
      allowedEntries: 0,
    });
    expect(await reached(...everyone)).toEqual(everyone);
  });

  it('leaves a half of everything in force when the other one goes', async () => {
    await applier.apply(wanted(set('0.0.0.0/0'), { allowed: set() }));
    const half = wanted(set('128.0.0.0/1'), { allowed: set() });
    expect(await applier.apply(half)).toMatchObject({ method: 'difference', changes: 1, repaired: [] });
    expect(await applier.inspect()).toMatchObject({ state: { blockedEntries: 1 }, drift: [] });
    expect(await reached(LISTED, GOOD)).toEqual([]);
  });

  it('is a full load when most of it is new', async () => {
    class DearDifferences extends LoadCosts {
      override isDifferenceCheaper(changes: number, entries: number): boolean {
        return changes < entries;
      }
    }
    const weighing = new KernelApplier(pair.host, new DearDifferences());
    await weighing.apply(wanted(manyAddresses(3_000, 1)));
    expect(await weighing.apply(wanted(manyAddresses(3_000, 1).union(set(LISTED))))).toMatchObject({
      method: 'difference',
    });
    expect(await weighing.apply(wanted(manyAddresses(3_000, 2)))).toMatchObject({
      method: 'full',
      changes: 3_000 + 1 + 4,
    });
  });
});

describe('what somebody else changed', () => {
  it.each<[string, string[], string[]]>([
    ['every set flushed', ['ipset', 'flush'], ['sets']],
    ['a set flushed', ['ipset', 'flush', 'bangui-n4a'], ['sets']],
    ['an entry deleted', ['ipset', 'del', 'bangui-h4a', LISTED], ['sets']],
    ['the chain flushed', ['iptables', '-t', 'raw', '-F', 'BANGUI'], ['rules']],
    ['the jump deleted', ['iptables', '-t', 'raw', '-D', 'PREROUTING', '-j', 'BANGUI'], ['rules']],
    ['the table flushed', ['ip6tables', '-t', 'raw', '-F'], ['rules']],
    ['another rule before ours', ['iptables', '-t', 'raw', '-I', 'PREROUTING', '-j', 'ACCEPT'], ['rules']],
    ['the jump doubled', ['iptables', '-t', 'raw', '-A', 'PREROUTING', '-j', 'BANGUI'], ['rules']],
  ])('is seen and repaired: %s', async (_what, [program = '', ...args], drift) => {
    const same = wanted(BLOCKED);
    await applier.apply(same);
    await pair.host.run(program, args);
    expect((await applier.inspect()).drift).toEqual(drift);
    expect(await applier.apply(same)).toMatchObject({
      repaired: drift,
      method: drift[0] === 'sets' ? 'full' : 'unchanged',
    });
    expect((await applier.inspect()).drift).toEqual([]);
    expect(await reached(...everyone)).toEqual(innocent);
    await pair.host.run('iptables', ['-t', 'raw', '-F', 'PREROUTING']);
  });

  it.each<[string, string[], string, string[]]>([
    ['the sets', ['ipset', 'flush'], 'full', ['sets']],
    ['the rules', ['iptables', '-t', 'raw', '-F'], 'difference', ['rules']],
  ])(
    'is repaired together with a change of what is wanted: %s flushed',
    async (_what, [program = '', ...args], method, repaired) => {
      await applier.apply(wanted(BLOCKED));
      await pair.host.run(program, args);
      const next = wanted(set(GOOD).union(BLOCKED));
      expect(await applier.apply(next)).toMatchObject({ method, repaired, state: { blockedEntries: 4 } });
      expect((await applier.inspect()).drift).toEqual([]);
      expect(await reached(...everyone)).toEqual([ALLOWED, GOOD6]);
    },
  );

  it('is loaded anew when an entry is missing after a change', async () => {
    await applier.apply(wanted(set(LISTED)));
    await pair.host.run('ipset', ['del', 'bangui-h4a', LISTED]);
    await pair.host.run('ipset', ['add', 'bangui-h4a', ALLOWED]);
    // The number of entries is what it should be, so only the samples tell.
    const applied = await applier.apply(wanted(set(LISTED, LISTED6)));
    expect(applied).toMatchObject({ method: 'full', repaired: ['entries'], state: { blockedEntries: 2 } });
    expect(await reached(...everyone)).not.toContain(LISTED);
  });

  it('is seen when an entry was exchanged for another', async () => {
    await applier.apply(wanted(set(LISTED)));
    await pair.host.run('ipset', ['del', 'bangui-h4a', LISTED]);
    await pair.host.run('ipset', ['add', 'bangui-h4a', GOOD]);
    expect((await applier.inspect()).drift).toEqual(['entries']);
  });

  it('stays when it is not ours', async () => {
    await pair.host.run('ipset', ['create', 'bangui-mine', 'hash:ip']);
    await pair.host.run('iptables', ['-t', 'raw', '-A', 'PREROUTING', '-p', 'sctp', '-j', 'ACCEPT']);
    await applier.apply(wanted(BLOCKED));
    await applier.remove();
    expect(await pair.host.run('ipset', ['list', '-n'])).toBe('bangui-mine\n');
    expect(await pair.host.run('iptables', ['-t', 'raw', '-S'])).toContain('-p sctp');
    await pair.host.run('ipset', ['destroy', 'bangui-mine']);
    await pair.host.run('iptables', ['-t', 'raw', '-F', 'PREROUTING']);
  });
});

describe('a new process', () => {
  it('takes over what the old one left, without a gap', async () => {
    await applier.apply(wanted(BLOCKED));
    const next = new KernelApplier(pair.host);
    expect(await next.apply(wanted(BLOCKED))).toMatchObject({ method: 'full', repaired: [] });
    expect(await reached(...everyone)).toEqual(innocent);
    // Only the sets in force are left: the idle side, and what was being filled, are gone.
    const names = (await pair.host.run('ipset', ['list', '-n'])).trim().split('\n').sort();
    expect(names).toEqual([
      'bangui-allow4',
      'bangui-allow6',
      'bangui-block4',
      'bangui-block6',
      'bangui-h4b',
      'bangui-h6b',
      'bangui-n4b',
      'bangui-n6b',
    ]);
  });

  it('does one thing after the other when asked for several at once', async () => {
    const results = await Promise.all([
      applier.apply(wanted(BLOCKED)),
      applier.apply(wanted(set(GOOD))),
      applier.inspect(),
    ]);
    expect(results[1].method).toBe('difference');
    expect(results[2].drift).toEqual([]);
    expect(results[2].state.blockedEntries).toBe(1);
  });
});
