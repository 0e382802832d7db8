import { type Family, Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Allowlist } from '../allowlist/index.ts';
import { MachineAddresses } from './machine-addresses.ts';

/** Why an address or network must not be banned. Stable. */
export type GuardCode =
  | 'own-address'
  | 'proxy'
  | 'loopback'
  | 'unspecified'
  | 'machine-address'
  | 'gateway'
  | 'multicast'
  | 'too-broad'
  | 'allowlisted'
  | 'holds-allowlisted';

/** A refusal by the guard. */
export interface Guarded {
  readonly code: GuardCode;
  /** In words, for the administrator. */
  readonly reason: string;
}

/** Who asks for a ban, as far as the guard needs to know. */
export interface GuardedRequester {
  /** Address through the trusted proxies. */
  readonly address: string;
  /** Address of the immediate peer, which may be a proxy. */
  readonly peer?: string | undefined;
}

/** Says whether something may be banned: undefined when it may. */
export type GuardCheck = (network: Network) => Guarded | undefined;

/** Shortest prefix that may be banned or allowlisted: wider is always a mistake. */
export const shortestPrefix: Readonly<Record<Family, number>> = { 4: 8, 6: 19 };

const special: readonly { readonly network: string; readonly code: GuardCode; readonly reason: string }[] = [
  { network: '127.0.0.0/8', code: 'loopback', reason: 'is the machine talking to itself (loopback).' },
  { network: '::1', code: 'loopback', reason: 'is the machine talking to itself (loopback).' },
  { network: '0.0.0.0/8', code: 'unspecified', reason: 'stands for no address at all.' },
  { network: '::', code: 'unspecified', reason: 'stands for no address at all.' },
  { network: '224.0.0.0/4', code: 'multicast', reason: 'is multicast: no sender has such an address.' },
  { network: 'ff00::/8', code: 'multicast', reason: 'is multicast: no sender has such an address.' },
];

/** Refuses bans that would lock out the person who asks, the machine itself, or who is on the allowlist. */
@Injectable()
export class LockoutGuard {
  constructor(
    private readonly machine: MachineAddresses,
    private readonly allowlist: Allowlist,
  ) {}

  /**
   * Reads what is to be guarded now and gives the check for it.
   * @throws {AllowlistUnreadable} when it cannot be known who must not be banned
   */
  async checkFor(requester: GuardedRequester): Promise<GuardCheck> {
    const guarded = special.flatMap(({ network, ...refusal }) => entry(network, refusal));
    guarded.push(
      ...entry(requester.address, { code: 'own-address', reason: 'contains the address you are connected from.' }),
    );
    if (requester.peer !== undefined && requester.peer !== requester.address) {
      guarded.push(
        ...entry(requester.peer, { code: 'proxy', reason: 'contains the proxy that you are connected through.' }),
      );
    }
    for (const address of this.machine.own()) {
      guarded.push(
        ...entry(address, { code: 'machine-address', reason: "contains one of this machine's own addresses." }),
      );
    }
    for (const address of await this.machine.gateways()) {
      guarded.push(...entry(address, { code: 'gateway', reason: "contains this machine's default gateway." }));
    }
    const allowed = await this.allowlist.inForce();
    return (network) => {
      const refusal = guarded.find((one) => one.network.overlaps(network))?.refusal;
      if (refusal) return refusal;
      const safe = allowed.find((one) => one.overlaps(network));
      if (safe) return allowlisted(safe, network);
      const shortest = shortestPrefix[network.family];
      return network.prefix < shortest
        ? { code: 'too-broad', reason: `is too broad: wider than /${shortest} is refused.` }
        : undefined;
    };
  }
}

function allowlisted(safe: Network, network: Network): Guarded {
  return safe.contains(network)
    ? { code: 'allowlisted', reason: `is on the allowlist (${safe.toString()}).` }
    : { code: 'holds-allowlisted', reason: `holds ${safe.toString()}, which is on the allowlist.` };
}

function entry(text: string, refusal: Guarded): { network: Network; refusal: Guarded }[] {
  // A link-local peer carries its interface as a zone.
  const network = Network.parse(text.replace(/%.*$/, ''));
  return network ? [{ network, refusal }] : [];
}
