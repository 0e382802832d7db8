import { type Family, Network } from '@bangui/ip';

/** A ban in force as it is kept in memory. Immutable, because lists share it. */
export interface BanRecord {
  readonly jail: string;
  /** As fail2ban has it; hostile text when somebody made fail2ban ban what is no address. */
  readonly address: string;
  /** Epoch milliseconds. */
  readonly bannedAt: number;
  /** Seconds; -1 is permanent. */
  readonly duration: number;
  /** Epoch milliseconds; null for a permanent ban. */
  readonly expiresAt: number | null;
  /** The address for comparing, see {@link AddressKey}. */
  readonly key: AddressKey;
}

/**
 * An address or network for comparing: cheaper than a Network, because there may be a million of them. `text` is the
 * first address as 16 characters of one byte each, so that the order of texts is the order of addresses.
 */
export interface AddressKey {
  readonly text: string;
  /** Of 128 bits, 0 to 128. */
  readonly prefix: number;
  /** Undefined for what is no address. */
  readonly family: Family | undefined;
}

const IPV4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/;
const MAPPED = '\0\0\0\0\0\0\0\0\0\0\u00ff\u00ff';

/** Makes the key of an address or network in fail2ban's spelling. */
export function addressKey(address: string): AddressKey {
  // The short cut matters: nearly every ban is an IPv4 address, and a jail may have 100,000 of them.
  const bytes = IPV4.exec(address)?.slice(1).map(Number);
  if (bytes?.every((byte) => byte < 256)) {
    return { text: MAPPED + String.fromCharCode(...bytes), prefix: 128, family: 4 };
  }
  const network = Network.parse(address);
  if (!network) return { text: '', prefix: 128, family: undefined };
  return networkKey(network);
}

/** Makes the key of a network. */
export function networkKey(network: Network): AddressKey {
  return {
    text: String.fromCharCode(...network.key()),
    prefix: network.family === 4 ? network.prefix + 96 : network.prefix,
    family: network.family,
  };
}

/** The last address of a network in the form of {@link AddressKey.text}. */
export function lastKeyText(network: Network): string {
  const last = Network.of(network.family, network.last, network.family === 4 ? 32 : 128);
  // The last address of a network is always an address of its family.
  return last ? String.fromCharCode(...last.key()) : '';
}

/** Newest first; then by jail, address and, for what is no address, by its text. Total: (jail, address) is unique. */
export function compareBans(
  one: Pick<BanRecord, 'bannedAt' | 'jail' | 'key' | 'address'>,
  other: Pick<BanRecord, 'bannedAt' | 'jail' | 'key' | 'address'>,
): number {
  return (
    other.bannedAt - one.bannedAt ||
    compareText(one.jail, other.jail) ||
    compareText(one.key.text, other.key.text) ||
    compareText(one.address, other.address)
  );
}

function compareText(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
