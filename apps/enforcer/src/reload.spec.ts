import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { AddressSet, Network } from '@bangui/ip';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { Ipset } from './ipset/ipset.ts';
import { KernelApplier } from './kernel-applier.ts';
import { LoadCosts } from './load-costs.ts';
import { manyAddresses } from './testing/many-addresses.ts';
import { NetworkPair, type Pings, PINGS_OF_A_RELOAD as PINGS } from './testing/network-pair.ts';
import { type WantedSet } from './wanted-set.ts';

const LISTED = '198.51.100.7';
/** In the network that is listed, but let through. */
const ALLOWED = '198.51.100.8';
const GOOD = '192.0.2.5';

function set(text: string): AddressSet {
  return AddressSet.of([Network.parse(text)].filter((each) => each !== undefined));
}

function sum(one: Pings, other: Pings): Pings {
  return { sent: one.sent + other.sent, received: one.received + other.received };
}

const wanted = (blocked: AddressSet): WantedSet => ({
  generation: 1,
  blocked,
  allowed: set(ALLOWED),
  placement: 'raw',
});

let pair: NetworkPair;
beforeAll(async () => {
  pair = await NetworkPair.open([LISTED, ALLOWED, GOOD]);
});
afterAll(() => pair.close());
beforeEach(() => new KernelApplier(pair.host).remove());

/** Applies by full loads only. */
class AlwaysFull extends LoadCosts {
  override isDifferenceCheaper(): boolean {
    return false;
  }
}

it.each([
  ['full loads', new AlwaysFull(), 'full', 50_000],
  ['differences', new LoadCosts(), 'difference', 2_000],
] as const)(
  'lets no packet of a listed source through and loses none of an allowed or another one during %s',
  async (name, costs, method, size) => {
    const applier = new KernelApplier(pair.host, costs);
    // The listed source moves between the set of addresses and that of networks each time.
    const states = [
      manyAddresses(size, 1).union(set(LISTED)),
      manyAddresses(size, 2).union(set('198.51.100.0/24')),
    ] as const;
    await applier.apply(wanted(states[0]));
    const done = new AbortController();
    let loads = 0;
    const pinging = async (): Promise<readonly [listed: Pings, allowed: Pings, good: Pings]> => {
      const none = { sent: 0, received: 0 };
      let sums = [none, none, none] as const;
      // On a busy machine one load may take longer than all of them.
      for (let round = 0; round < 30 && loads < 2; round += 1) {
        const [listed, allowed, good] = await Promise.all([
          pair.ping(LISTED, PINGS),
          pair.ping(ALLOWED, PINGS),
          pair.ping(GOOD, PINGS),
        ]);
        sums = [sum(sums[0], listed), sum(sums[1], allowed), sum(sums[2], good)];
      }
      return sums;
    };
    const pings = pinging().finally(() => done.abort());
    while (!done.signal.aborted) {
      loads += 1;
      expect((await applier.apply(wanted(states[loads % 2 === 0 ? 0 : 1]))).method).toBe(method);
    }
    const [listed, allowed, good] = await pings;
    const { sent } = good;
    console.log(
      `${sent} pings each during ${loads} ${name}: ${listed.received} of a listed source came through, ` +
        `${allowed.received} of an allowed one, ${good.received} of another`,
    );
    expect(loads).toBeGreaterThan(1);
    expect(sent).toBeGreaterThanOrEqual(PINGS);
    expect(listed).toEqual({ sent, received: 0 });
    expect(allowed).toEqual({ sent, received: sent });
    expect(good).toEqual({ sent, received: sent });
  },
);

it('leaves the old set in force when the process is killed in mid-load, and loads over it afterwards', async () => {
  const old = set(LISTED);
  await new KernelApplier(pair.host).apply(wanted(old));
  const ipset = new Ipset(pair.host);
  const script = fileURLToPath(new URL('./testing/load-many.ts', import.meta.url));
  const [program, ...words] = [...pair.intoHost, process.execPath, '--conditions=bangui-src', script, '200000'];
  const loader = spawn(program, words, { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(loader, 'exit');
  while (((await ipset.headers()).get('bangui-h4b')?.entries ?? 0) < 1_000) {
    if (loader.exitCode !== null) throw new Error('The load was over before it could be killed.');
  }
  loader.kill('SIGKILL');
  expect(await ended).toEqual([null, 'SIGKILL']);
  expect((await ipset.membersOf(['bangui-block4'])).get('bangui-block4')).toEqual(['bangui-h4a', 'bangui-n4a']);
  expect((await ipset.headers()).get('bangui-h4a')?.entries).toBe(1);
  expect((await pair.ping(LISTED)).received).toBe(0);
  expect((await pair.ping(GOOD)).received).toBe(1);

  const next = new KernelApplier(pair.host);
  expect((await next.apply(wanted(set(GOOD)))).state.blockedEntries).toBe(1);
  expect((await pair.ping(GOOD)).received).toBe(0);
  expect((await pair.ping(LISTED)).received).toBe(1);
  expect((await ipset.headers()).has('bangui-h4a')).toBe(false);
});
