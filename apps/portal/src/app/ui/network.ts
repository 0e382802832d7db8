/** An address or network as numbers. */
interface Block {
  readonly bits: 32 | 128;
  readonly first: bigint;
  readonly prefix: number;
}

const NEIGHBOURHOOD_V4 = 24;
const NEIGHBOURHOOD_V6 = 64;

/** Whether the text, canonical as the API writes it, is a network and not one address. */
export function isNetwork(text: string): boolean {
  return text.includes('/');
}

/** True when the address or network lies inside of the network. False for anything that is neither. */
export function isInside(inner: string, outer: string): boolean {
  const a = blockOf(inner);
  const b = blockOf(outer);
  if (!a || !b || a.bits !== b.bits || a.prefix < b.prefix) return false;
  const shift = BigInt(b.bits - b.prefix);
  return a.first >> shift === b.first >> shift;
}

/** The network an address usually belongs to: its /24, or its /64. Null for networks and for what is no address. */
export function neighbourhood(address: string): string | null {
  const block = blockOf(address);
  if (!block || isNetwork(address)) return null;
  const prefix = block.bits === 32 ? NEIGHBOURHOOD_V4 : NEIGHBOURHOOD_V6;
  const shift = BigInt(block.bits - prefix);
  const first = (block.first >> shift) << shift;
  return `${block.bits === 32 ? textOfV4(first) : textOfV6(first)}/${String(prefix)}`;
}

/** The 256 addresses of an IPv4 /24 in order; null for any other network. */
export function addressesOf24(network: string): readonly string[] | null {
  const block = blockOf(network);
  if (block?.bits !== 32 || block.prefix !== 24) return null;
  return Array.from({ length: 256 }, (_, index) => textOfV4(block.first + BigInt(index)));
}

function blockOf(text: string): Block | null {
  const [address = '', prefixText, ...rest] = text.split('/');
  const v4 = address.includes(':') ? null : numberOfV4(address);
  const first = address.includes(':') ? numberOfV6(address) : v4;
  if (first === null || rest.length > 0) return null;
  const bits = v4 === null ? 128 : 32;
  const prefix = prefixText === undefined ? bits : /^\d{1,3}$/.test(prefixText) ? Number(prefixText) : -1;
  return prefix < 0 || prefix > bits ? null : { bits, first, prefix };
}

function numberOfV4(text: string): bigint | null {
  const parts = text.split('.');
  if (parts.length !== 4 || parts.some((part) => !/^\d{1,3}$/.test(part) || Number(part) > 255)) return null;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function numberOfV6(text: string): bigint | null {
  const [head = '', tail, ...more] = text.split('::');
  if (more.length > 0) return null;
  const left = groupsOf(head);
  const right = tail === undefined ? [] : groupsOf(tail);
  if (left === null || right === null) return null;
  const missing = 8 - left.length - right.length;
  if (tail === undefined ? missing !== 0 : missing < 1) return null;
  return [...left, ...Array.from({ length: missing }, () => 0n), ...right].reduce(
    (sum, group) => sum * 65_536n + group,
    0n,
  );
}

function groupsOf(text: string): bigint[] | null {
  if (text === '') return [];
  const groups: bigint[] = [];
  for (const part of text.split(':')) {
    const v4 = part.includes('.') ? numberOfV4(part) : null;
    if (v4 !== null) groups.push(v4 >> 16n, v4 & 0xffffn);
    else if (/^[\da-f]{1,4}$/i.test(part)) groups.push(BigInt(`0x${part}`));
    else return null;
  }
  return groups;
}

function textOfV4(value: bigint): string {
  return [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 255n)).join('.');
}

/** RFC 5952: the first of the longest runs of two or more zero groups becomes `::`. */
function textOfV6(value: bigint): string {
  const groups = Array.from({ length: 8 }, (_, index) => ((value >> BigInt(112 - 16 * index)) & 0xffffn).toString(16));
  const runs = [...groups.join(':').matchAll(/\b0(?::0)+\b/g)].map(([run]) => run);
  const longest = runs.reduce((best, run) => (run.length > best.length ? run : best), '');
  if (longest === '') return groups.join(':');
  return groups.join(':').replace(longest, ':').replace(/:{3,}/, '::').replace(/^:$/, '::');
}
