import { createHash } from 'node:crypto';
import { Network } from '@bangui/ip';

/** What an address counts as: an IPv6 customer has 2^64 addresses, so that their network counts as one. */
export function networkOf(address: string): string {
  const network = Network.parse(address);
  if (network?.family !== 6) return address;
  return Network.parse(`${address}/64`)?.toString() ?? address;
}

/** The key under which attempts count: SHA-256 in hex, so that nobody reads from the table what people typed. */
export function attemptKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
}
