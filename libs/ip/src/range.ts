import { Network } from './network.ts';

const LAST_OCTET = /^\d{1,3}$/;

/**
 * Reads a pasted address, network or range: `192.0.2.1-192.0.2.9`, `192.0.2.1-9`, `2001:db8::1 - 2001:db8::ff`.
 * @returns the fewest networks that cover it, in order (at most 254); undefined when the text is none of these
 */
export function parseRangeLoose(text: string): Network[] | undefined {
  const single = Network.parseLoose(text);
  if (single) return [single];
  const [left, right, ...more] = text.replaceAll(/[–—]/g, '-').split('-');
  if (left === undefined || right === undefined || more.length > 0) return undefined;
  const first = Network.parseLoose(left);
  const last = Network.parseLoose(withLastOctet(first, right.trim()));
  // A range between networks has no agreed meaning.
  if (!first?.isAddress || !last?.isAddress) return undefined;
  return Network.fromRange(first, last);
}

function withLastOctet(first: Network | undefined, right: string): string {
  if (first?.family !== 4 || !LAST_OCTET.test(right)) return right;
  return `${first.toString().replace(/\d+$/, '')}${right}`;
}
