import { Network } from './network.ts';

/**
 * What an address block is set aside for, after the IANA special-purpose registries (RFC 6890 and its updates, IPv4 and
 * IPv6 tables) and, for multicast, RFC 5771 and RFC 4291. `mixed` is a network that reaches over more than one class.
 */
export type AddressClass =
  | 'global'
  | 'this-network'
  | 'unspecified'
  | 'loopback'
  | 'private'
  | 'link-local'
  | 'shared'
  | 'documentation'
  | 'benchmarking'
  | 'protocol'
  | 'transition'
  | 'discard'
  | 'multicast'
  | 'broadcast'
  | 'reserved'
  | 'mixed';

/** Blocks inside another block are the exception to it: the most specific one decides. */
const SPECIAL: readonly (readonly [string, AddressClass])[] = [
  ['0.0.0.0/8', 'this-network'],
  ['0.0.0.0/32', 'unspecified'],
  ['10.0.0.0/8', 'private'],
  ['100.64.0.0/10', 'shared'],
  ['127.0.0.0/8', 'loopback'],
  ['169.254.0.0/16', 'link-local'],
  ['172.16.0.0/12', 'private'],
  ['192.0.0.0/24', 'protocol'],
  ['192.0.0.9/32', 'global'],
  ['192.0.0.10/32', 'global'],
  ['192.0.2.0/24', 'documentation'],
  ['192.88.99.0/24', 'transition'],
  ['192.168.0.0/16', 'private'],
  ['198.18.0.0/15', 'benchmarking'],
  ['198.51.100.0/24', 'documentation'],
  ['203.0.113.0/24', 'documentation'],
  ['224.0.0.0/4', 'multicast'],
  ['240.0.0.0/4', 'reserved'],
  ['255.255.255.255/32', 'broadcast'],
  // Only 2000::/3 has been handed out as global unicast; the rest of the space is reserved by the IETF.
  ['::/0', 'reserved'],
  ['2000::/3', 'global'],
  ['::/128', 'unspecified'],
  ['::1/128', 'loopback'],
  ['64:ff9b::/96', 'transition'],
  ['64:ff9b:1::/48', 'transition'],
  ['100::/64', 'discard'],
  ['100:0:0:1::/64', 'discard'],
  ['2001::/23', 'protocol'],
  ['2001::/32', 'transition'],
  ['2001:1::1/128', 'global'],
  ['2001:1::2/128', 'global'],
  ['2001:1::3/128', 'global'],
  ['2001:2::/48', 'benchmarking'],
  ['2001:3::/32', 'global'],
  ['2001:4:112::/48', 'global'],
  ['2001:20::/28', 'global'],
  ['2001:30::/28', 'global'],
  ['2001:db8::/32', 'documentation'],
  ['2002::/16', 'transition'],
  ['3fff::/20', 'documentation'],
  ['5f00::/16', 'protocol'],
  ['fc00::/7', 'private'],
  ['fe80::/10', 'link-local'],
  ['ff00::/8', 'multicast'],
];

/** One row of the table. */
export interface SpecialBlock {
  block: Network;
  addressClass: AddressClass;
}

/** The table as networks, the most specific first, so that the first hit decides. */
export const SPECIAL_BLOCKS: readonly SpecialBlock[] = SPECIAL.map(([text, addressClass]) => {
  const block = Network.parse(text);
  if (!block) throw new Error(`The table of special addresses has a bad entry: ${text}`);
  return { block, addressClass };
}).sort((a, b) => b.block.prefix - a.block.prefix);

/**
 * Says what the addresses of a network are set aside for. A network takes a class only when it lies wholly inside it:
 * one that reaches over several classes is `mixed`, so a caller that asks for `global` is never told so of a network
 * with private addresses in it.
 */
export function classify(network: Network): AddressClass {
  const around = SPECIAL_BLOCKS.find(({ block }) => block.contains(network))?.addressClass ?? 'global';
  const isMixed = SPECIAL_BLOCKS.some(
    ({ block, addressClass }) => addressClass !== around && !block.equals(network) && network.contains(block),
  );
  return isMixed ? 'mixed' : around;
}
