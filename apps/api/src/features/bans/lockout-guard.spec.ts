import { Network } from '@bangui/ip';
import { describe, expect, it } from 'vitest';
import { Allowlist } from '../allowlist/index.ts';
import { LockoutGuard } from './lockout-guard.ts';
import { MachineAddresses, RoutingTables } from './machine-addresses.ts';

const header4 = 'Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT\n';
const default4 = 'eth0\t00000000\t0101A8C0\t0003\t0\t0\t0\t00000000\t0\t0\t0\n';
const default6 = `${'0'.repeat(32)} 00 ${'0'.repeat(32)} 00 fe800000000000000000000000000001 00000400 00000000 00000000 00000003     eth0\n`;

class GivenTables extends RoutingTables {
  constructor(
    private readonly table4: string,
    private readonly table6: string,
  ) {
    super();
  }

  override read(family: 4 | 6): Promise<string> {
    return Promise.resolve(family === 4 ? this.table4 : this.table6);
  }
}

class GivenMachine extends MachineAddresses {
  override own(): string[] {
    return ['127.0.0.1', '203.0.113.5', 'fe80::5%eth0', '2001:db8:5::5'];
  }
}

/** An allowlist of these, or one that cannot be read. */
function allowlistOf(texts: readonly string[] | Error): Allowlist {
  const networks = (): Promise<Network[]> =>
    texts instanceof Error
      ? Promise.reject(texts)
      : Promise.resolve(texts.flatMap((text) => Network.parse(text) ?? []));
  // The guard asks for nothing else.
  return { inForce: networks } as Allowlist;
}

const guardWith = (
  table4 = header4 + default4,
  table6 = default6,
  allowed: readonly string[] | Error = ['192.0.2.128/25', '192.0.2.5', '2001:db8:a::1'],
): LockoutGuard => new LockoutGuard(new GivenMachine(new GivenTables(table4, table6)), allowlistOf(allowed));

async function codeFor(text: string, peer = '198.51.100.20', guard = guardWith()): Promise<string | undefined> {
  const network = Network.parse(text);
  if (!network) throw new Error(`${text} is no network`);
  const check = await guard.checkFor({ address: '198.51.100.7', peer });
  return check(network)?.code;
}

describe('LockoutGuard', () => {
  it.each([
    ['198.51.100.7', 'own-address'],
    ['198.51.100.0/28', 'own-address'],
    ['198.51.100.20', 'proxy'],
    ['203.0.113.5', 'machine-address'],
    ['203.0.113.0/24', 'machine-address'],
    ['2001:db8:5::/64', 'machine-address'],
    ['fe80::5', 'machine-address'],
    ['192.168.1.1', 'gateway'],
    ['fe80::1', 'gateway'],
    ['127.0.0.5', 'loopback'],
    ['::1', 'loopback'],
    ['0.0.0.0', 'unspecified'],
    ['::', 'unspecified'],
    ['224.0.0.251', 'multicast'],
    ['ff02::1', 'multicast'],
    ['64.0.0.0/7', 'too-broad'],
    ['2400::/18', 'too-broad'],
    ['192.0.2.5', 'allowlisted'],
    ['::ffff:192.0.2.5', 'allowlisted'],
    ['192.0.2.200', 'allowlisted'],
    ['192.0.2.192/26', 'allowlisted'],
    ['192.0.2.0/29', 'holds-allowlisted'],
    ['2001:db8:a::/48', 'holds-allowlisted'],
  ])('refuses %s: %s', async (network, code) => {
    expect(await codeFor(network)).toBe(code);
  });

  it.each(['198.51.100.8', '192.0.2.64/26', '10.0.0.0/8', '2001:db8::1', '2400::/19'])(
    'lets %s pass',
    async (network) => {
      expect(await codeFor(network)).toBeUndefined();
    },
  );

  it('refuses a network that holds a guarded one, however wide', async () => {
    expect(await codeFor('0.0.0.0/0')).toBeDefined();
    expect(await codeFor('::/0')).toBeDefined();
  });

  it('knows an IPv4 peer that is told in IPv6 form', async () => {
    expect(await codeFor('192.0.2.99', '::ffff:192.0.2.99')).toBe('proxy');
  });

  it('says which entry it is', async () => {
    const check = await guardWith().checkFor({ address: '198.51.100.7' });
    const network = Network.parse('192.0.2.0/29');
    expect(network && check(network)?.reason).toBe('holds 192.0.2.5, which is on the allowlist.');
  });

  it('lets nothing be banned while the allowlist cannot be read', async () => {
    const guard = guardWith(header4, default6, new Error('the disk is gone'));
    await expect(guard.checkFor({ address: '198.51.100.7' })).rejects.toThrow('the disk is gone');
  });

  it('takes nothing from routing tables that make no sense', async () => {
    const hostile = [
      'eth0\t00000000\tZZZZZZZZ\t0003\t0\t0\t0\t00000000',
      'eth0\t00000000\t09000A0A\t0001\t0\t0\t0\t00000000',
      'eth0\t000A0A0A\t090A0A0A\t0003\t0\t0\t0\t00FFFFFF',
      '\0\0\0\0',
      'x'.repeat(100_000),
    ].join('\n');
    const guard = guardWith(hostile, `${'0'.repeat(32)} 00 x 00 nonsense 0 0 0 00000003 eth0\n`);
    expect(await codeFor('10.10.10.9', undefined, guard)).toBeUndefined();
  });

  it('reads the tables of this machine', async () => {
    const gateways = await new MachineAddresses(new RoutingTables()).gateways();
    for (const gateway of gateways) expect(Network.parse(gateway)?.isAddress).toBe(true);
  });
});
