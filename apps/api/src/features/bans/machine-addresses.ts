import { createReadStream } from 'node:fs';
import { networkInterfaces } from 'node:os';
import { text } from 'node:stream/consumers';
import { Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';

/** Read of a routing table at most, in bytes: some 10,000 routes; default routes come first. */
const maxBytes = 1024 * 1024;
/** Gateways taken from a table at most. */
const maxGateways = 100;
/** Flag of a route that leads through a gateway (RTF_GATEWAY of linux/route.h). */
const throughGateway = 0x2;

/** The kernel's routing tables as text. Injected, so that tests can choose them. */
@Injectable()
export class RoutingTables {
  /** Text of `/proc/net/route` (4) or `/proc/net/ipv6_route` (6); empty where there is none. */
  async read(family: 4 | 6): Promise<string> {
    const path = family === 4 ? '/proc/net/route' : '/proc/net/ipv6_route';
    try {
      return await text(createReadStream(path, { end: maxBytes - 1 }));
    } catch {
      // No such file: not Linux, or no IPv6. Then there is no gateway to be known.
      return '';
    }
  }
}

/** The addresses of this machine and its way out. */
@Injectable()
export class MachineAddresses {
  constructor(private readonly tables: RoutingTables) {}

  /** Addresses of all interfaces. */
  own(): string[] {
    return Object.values(networkInterfaces()).flatMap((list) => (list ?? []).map(({ address }) => address));
  }

  /** Default gateways. */
  async gateways(): Promise<string[]> {
    const [table4, table6] = await Promise.all([this.tables.read(4), this.tables.read(6)]);
    return [...gateways4(table4), ...gateways6(table6)];
  }
}

/** Columns: Iface Destination Gateway Flags RefCnt Use Metric Mask MTU Window IRTT; addresses in host byte order. */
function gateways4(table: string): string[] {
  const found: string[] = [];
  for (const line of table.split('\n')) {
    const [, destination, gateway, flags, , , , mask] = line.trim().split(/\s+/);
    if (destination !== '00000000' || mask !== '00000000') continue;
    if (gateway === undefined || !/^[0-9A-F]{8}$/i.test(gateway) || !isThroughGateway(flags)) continue;
    // Every machine that BanGUI runs on is little-endian.
    found.push([...Buffer.from(gateway, 'hex').reverse()].join('.'));
    if (found.length === maxGateways) break;
  }
  return found;
}

/** Columns: destination prefix source prefix next-hop metric refcount use flags device, all hexadecimal. */
function gateways6(table: string): string[] {
  const found: string[] = [];
  for (const line of table.split('\n')) {
    const [destination, prefix, , , nextHop, , , , flags] = line.trim().split(/\s+/);
    if (destination === undefined || !/^0{32}$/.test(destination) || prefix !== '00') continue;
    if (nextHop === undefined || !/^[0-9a-f]{32}$/i.test(nextHop) || !isThroughGateway(flags)) continue;
    const network = Network.of(6, BigInt(`0x${nextHop}`), 128);
    if (network) found.push(network.toString());
    if (found.length === maxGateways) break;
  }
  return found;
}

function isThroughGateway(flags: string | undefined): boolean {
  return flags !== undefined && /^[0-9a-f]{1,8}$/i.test(flags) && (Number.parseInt(flags, 16) & throughGateway) !== 0;
}
