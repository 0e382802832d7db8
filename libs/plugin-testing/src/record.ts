import { rangeOfText } from '@bangui/plugin-sdk/host';

const MAX_HEAD_LINES = 12;
const QUAD = /(?<![\d.])(\d{1,3}\.\d{1,3}\.\d{1,3})\.(\d{1,3})(\/\d{1,2})?(?![\d.])/g;
const IPV6 = /(?<![\w:.])[0-9A-Fa-f:]*:[0-9A-Fa-f:.]*(?:\/\d{1,3})?/g;
const DOCUMENTATION = ['192.0.2', '198.51.100', '203.0.113'] as const;
/** This host, masks and nothing at all: they belong to nobody. */
const NOBODY = /^(?:0|127|255)\./;

/**
 * Makes a fixture of a list: keeps its head, some entries and its last line, and puts documentation addresses in the place of
 * all others, so that no publisher's data is passed on.
 * @param keep how many entries, or items of every array in JSON
 */
export function fixtureOf(text: string, keep: number): string {
  return replaceAddresses(trimJson(text, keep) ?? trimLines(text, keep));
}

/** Puts a documentation address in the place of every address, the same for the same network. */
export function replaceAddresses(text: string): string {
  const networks = new Map<string, string>();
  const withoutIPv4 = text.replaceAll(QUAD, (whole, network: string, host: string, prefix: string | undefined) => {
    if (NOBODY.test(whole) || !rangeOfText(`${network}.${host}`)) return whole;
    const place = networks.get(network) ?? DOCUMENTATION[networks.size % DOCUMENTATION.length] ?? DOCUMENTATION[0];
    networks.set(network, place);
    return `${place}.${host}${prefixOf(prefix ?? '', 24)}`;
  });
  return withoutIPv4.replaceAll(IPV6, (whole) => {
    const [address = '', prefix] = whole.split('/');
    const range = rangeOfText(address);
    // Times of day look alike and are no addresses; `::` and `::1` belong to nobody.
    if (range?.family !== 6 || range.first <= 1n) return whole;
    const rest = (range.first & ((1n << 96n) - 1n)).toString(16).padStart(24, '0');
    const groups = (rest.match(/.{4}/g) ?? []).map((group) => group.replace(/^0{1,3}/, ''));
    return `2001:db8:${groups.join(':')}${prefixOf(prefix === undefined ? '' : `/${prefix}`, 32)}`;
  });
}

/** A network wider than the range for documentation becomes as wide as that. */
function prefixOf(prefix: string, least: number): string {
  return prefix === '' ? '' : `/${Math.max(Number(prefix.slice(1)), least)}`;
}

function trimJson(text: string, keep: number): string | undefined {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // Not JSON as a whole: then it is trimmed by lines.
    return undefined;
  }
  if (typeof document !== 'object' || document === null) return undefined;
  const trimmed = JSON.stringify(
    document,
    (_key, value: unknown) => (Array.isArray(value) ? (value as unknown[]).slice(0, keep) : value),
    2,
  );
  return `${trimmed}\n`;
}

function trimLines(text: string, keep: number): string {
  const lines = text.split(/(?<=\n)/);
  const kept: string[] = [];
  let head = 0;
  let entries = 0;
  for (const [index, line] of lines.entries()) {
    const isNote = /^\s*(?:[#;]|$)/.test(line);
    const isLast = index === lines.length - 1;
    if (isNote ? head < MAX_HEAD_LINES || isLast : entries < keep || isLast) kept.push(line);
    if (isNote) head += 1;
    else entries += 1;
  }
  return kept.join('');
}
