import { readIPv4 } from './text.ts';

/** Longer texts are no address with something around it; also bounds the work per line of a pasted list. */
const MAX_LOOSE_LENGTH = 2048;

const PAIRS: Readonly<Record<string, string>> = { '"': '"', "'": "'", '`': '`', '<': '>', '(': ')', '“': '”' };
const URL_AROUND = /^h(?:tt|xx)ps?:\/\/([^/?#]*)/i;
const WILDCARD = /^(\d{1,3}(?:\.\d{1,3}){0,2})((?:\.\*){1,3})$/;
const BRACKETED = /^\[([^\]]*)\](?::\d{1,5})?$/;
const IPV4_WITH_PORT = /^(\d+\.\d+\.\d+\.\d+):\d{1,5}$/;
const NETMASKED = /^([^/]+)\/(\d+\.\d+\.\d+\.\d+)$/;

/**
 * Turns a pasted form into the one the strict parser knows; the result is not yet checked.
 * @returns undefined when the text has a form that is certainly wrong
 */
export function strictForm(text: string): string | undefined {
  if (text.length > MAX_LOOSE_LENGTH) return undefined;
  let rest = unwrap(text);
  // Threat reports write addresses so that they cannot be clicked.
  rest = rest.replaceAll('[.]', '.').replaceAll('[:]', ':');
  const authority = URL_AROUND.exec(rest)?.[1];
  if (authority !== undefined) rest = authority;
  const inBrackets = BRACKETED.exec(rest)?.[1];
  // Only IPv6 is written in brackets.
  if (inBrackets !== undefined) return inBrackets.includes(':') ? inBrackets : undefined;
  const beforePort = IPV4_WITH_PORT.exec(rest)?.[1];
  if (beforePort !== undefined) return beforePort;
  const wildcard = WILDCARD.exec(rest);
  if (wildcard) return wildcardForm(wildcard[1] ?? '', (wildcard[2] ?? '').length / 2);
  const netmasked = NETMASKED.exec(rest);
  if (netmasked) return netmaskForm(netmasked[1] ?? '', netmasked[2] ?? '');
  return rest;
}

/** Removes spaces, list separators and matching quotes or brackets around the text. */
function unwrap(text: string): string {
  let rest = text.trim();
  for (;;) {
    const before = rest;
    rest = rest.replace(/[\s,;]{1,16}$/, '').trimStart();
    const closing = PAIRS[rest[0] ?? ''];
    if (closing !== undefined && rest.length > 1 && rest.endsWith(closing)) rest = rest.slice(1, -1);
    if (rest === before) return rest;
  }
}

function wildcardForm(fixed: string, stars: number): string | undefined {
  if (fixed.split('.').length + stars !== 4) return undefined;
  return `${fixed}${'.0'.repeat(stars)}/${32 - 8 * stars}`;
}

function netmaskForm(address: string, netmask: string): string | undefined {
  const mask = readIPv4(netmask);
  if (mask === undefined) return undefined;
  const hostBits = Math.log2(2 ** 32 - mask);
  // A mask with holes (255.0.255.0) is no network.
  return Number.isInteger(hostBits) ? `${address}/${32 - hostBits}` : undefined;
}
