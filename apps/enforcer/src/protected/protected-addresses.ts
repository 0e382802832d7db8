import { lookup } from 'node:dns/promises';
import { readFile } from 'node:fs/promises';
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { AddressSet, Network } from '@bangui/ip';
import { type Log, wordsOf } from '../log.ts';
import { type Settings } from '../settings.ts';
import { connectedPeers, gateways4, gateways6, resolvers } from './proc-net.ts';

/** Everything is looked up again after this time, in milliseconds. */
const LOOK_EVERY_MS = 15_000;
/**
 * A peer that connected later counts only after it was connected for this long, in milliseconds: sshd sends away who has not signed in within
 * two minutes, so an attacker cannot make itself safe by connecting.
 */
const SIGNED_IN_AFTER_MS = 150_000;
/** Peers that are remembered; more than one host's administrators have connections. */
const MAX_PEERS = 1_000;
const LOOKUP_MS = 3_000;
/** Interfaces that container engines make. */
const CONTAINER_INTERFACE = /^(?:docker|br-|cni|podman|lxc|lxd|virbr|flannel|cali|weave|kube)/;

/** What must never be blocked on this machine, whatever a list says: without it the machine is lost or alone. */
export class ProtectedAddresses {
  private readonly settings: Pick<Settings, 'api' | 'allow' | 'managementPorts'>;
  private readonly log: Log;
  /** When each peer was first seen; those from the start count from the beginning. */
  private peers = new Map<string, number>();
  private lookedAt = Number.NEGATIVE_INFINITY;
  private apiAddresses: Network[] = [];
  private current = AddressSet.empty;

  constructor(settings: Pick<Settings, 'api' | 'allow' | 'managementPorts'>, log: Log) {
    this.settings = settings;
    this.log = log;
  }

  /** All of them, as of a few seconds ago. Never rejects: what cannot be read is left out, and said. */
  async all(): Promise<AddressSet> {
    const now = performance.now();
    if (now - this.lookedAt < LOOK_EVERY_MS) return this.current;
    const isFirst = this.lookedAt === Number.NEGATIVE_INFINITY;
    this.lookedAt = now;
    const networks = [
      ...this.settings.allow,
      ...(await this.managementPeers(now, isFirst)),
      ...gateways4(await this.read('/proc/net/route')),
      ...gateways6(await this.read('/proc/net/ipv6_route')),
      ...resolvers(await this.read('/etc/resolv.conf')),
      ...containerNetworks(),
      ...(await this.api()),
    ];
    const next = AddressSet.of(networks);
    // The same object as long as nothing changed, because that is quicker to compare.
    if (!next.equals(this.current)) this.current = next;
    return this.current;
  }

  private async managementPeers(now: number, isFirst: boolean): Promise<Network[]> {
    const texts = [await this.read('/proc/net/tcp'), await this.read('/proc/net/tcp6')];
    const connected = texts.flatMap((text) => connectedPeers(text, this.settings.managementPorts)).slice(0, MAX_PEERS);
    const known = this.peers;
    const firstSeen = isFirst ? Number.NEGATIVE_INFINITY : now;
    this.peers = new Map(connected.map((peer) => [peer.toString(), known.get(peer.toString()) ?? firstSeen]));
    return connected.filter((peer) => now - (this.peers.get(peer.toString()) ?? now) >= SIGNED_IN_AFTER_MS);
  }

  private async api(): Promise<Network[]> {
    const { api } = this.settings;
    if (!('url' in api)) return [];
    const host = api.url.hostname.replaceAll(/[[\]]/g, '');
    const own = Network.parse(host);
    if (isIP(host) !== 0 && own) return [own];
    try {
      const found = await Promise.race([lookup(host, { all: true }), after(LOOKUP_MS)]);
      this.apiAddresses = found.flatMap(({ address }) => Network.parse(address) ?? []);
    } catch (error) {
      // The last answer holds: a resolver that is away must not make the API blockable.
      this.log.at('warn', 'protected_unknown', { what: host, reason: wordsOf(error) });
    }
    return this.apiAddresses;
  }

  private async read(path: string): Promise<string> {
    try {
      return await readFile(path, 'utf8');
    } catch (error) {
      // A kernel without IPv6 has no such file; anything else would be seen in the log.
      this.log.at('debug', 'protected_unknown', { what: path, reason: wordsOf(error) });
      return '';
    }
  }
}

function containerNetworks(): Network[] {
  return Object.entries(networkInterfaces()).flatMap(([name, addresses = []]) =>
    CONTAINER_INTERFACE.test(name) ? addresses.flatMap(({ cidr }) => Network.parse(cidr ?? '') ?? []) : [],
  );
}

function after(ms: number): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new Error('no answer in time')), ms).unref();
  });
}
