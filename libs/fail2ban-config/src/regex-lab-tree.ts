/** Part of a regular expression, as far as its form tells what text it takes. */
export type RegexNode =
  /** `^` or `\A`. */
  | Part<'anchor'>
  /** Takes no text: other conditions, flags, tags that only mark. */
  | Part<'empty'>
  /** The address: `<HOST>`, `<ADDR>` ... or a group of fail2ban's name for it. */
  | Part<'host'>
  /** Takes text that may hold a whole address and blanks: `.`, `[^"]`. */
  | Repeated<'free'>
  /** Takes text that cannot. */
  | Repeated<'text'>
  | (Repeated<'group'> & { readonly branches: readonly (readonly RegexNode[])[] });

interface Part<Kind> {
  readonly kind: Kind;
  readonly start: number;
  readonly length: number;
}

interface Repeated<Kind> extends Part<Kind> {
  /** What is repeated. */
  readonly text: string;
  readonly min: number;
  /** Infinity when there is no bound. */
  readonly max: number;
  readonly isLazy: boolean;
}

/** fail2ban's tags that stand for an address (server/failregex.py). */
const hostTags = new Set([
  'HOST',
  'ADDR',
  'IP4',
  'IP6',
  'DNS',
  'SUBNET',
  'CIDR',
  'F-ID',
  'F-IP4',
  'F-IP6',
  'F-DNS',
  'F-HOST',
]);
const hostGroups = new Set(['host', 'ip4', 'ip6', 'dns', 'fid']);

/** Deeper than any that is written by hand. */
const maxDepth = 60;

/**
 * Reads a regular expression of Python with fail2ban's tags, as far as the analysis needs it. Never throws: of what is
 * no regular expression, some tree is given; Python says what is wrong.
 */
export function regexTree(regex: string): { readonly branches: readonly (readonly RegexNode[])[] } {
  const reader = new Reader(regex);
  const branches = reader.branches(0);
  // A closing parenthesis too many ends the reading.
  return { branches };
}

class Reader {
  private at = 0;
  private readonly regex: string;

  constructor(regex: string) {
    this.regex = regex;
  }

  branches(depth: number): RegexNode[][] {
    const branches: RegexNode[][] = [[]];
    while (this.at < this.regex.length) {
      const next = this.regex[this.at];
      if (next === ')' || this.take(/<\/F-[A-Z0-9_-]+>/y) !== undefined) break;
      if (next === '|') {
        this.at += 1;
        branches.push([]);
      } else branches.at(-1)?.push(this.node(depth));
    }
    return branches;
  }

  private node(depth: number): RegexNode {
    const start = this.at;
    const part = (kind: 'anchor' | 'empty' | 'host'): RegexNode => ({ kind, start, length: this.at - start });
    if (this.take(/\^|\\A/y) !== undefined) return part('anchor');
    if (this.take(/\$|\\[bBZ]|\(\?[aiLmsux-]+\)|\(\?#[^)]*\)/y) !== undefined) return part('empty');
    const tag = this.take(/<([A-Z][A-Z0-9_-]*)>/y);
    if (tag !== undefined) {
      if (hostTags.has(tag)) {
        if (tag.startsWith('F-')) this.skipTo(`</${tag}>`);
        return part('host');
      }
      // A tag that is open takes in what follows, up to where it is closed.
      if (tag.startsWith('F-')) return this.group(start, depth, tag);
      return part('empty');
    }
    if (this.take(/\((?!\?)/y) !== undefined || this.take(/\(\?:/y) !== undefined) return this.group(start, depth);
    const name = this.take(/\(\?P<(\w+)>/y);
    if (name !== undefined) {
      const group = this.group(start, depth);
      return hostGroups.has(name) ? { kind: 'host', start, length: group.length } : group;
    }
    // Flags for a part, atomic groups, and choices by a group that took part or not.
    if (this.take(/\(\?(?:[aiLmsux-]+:|>)/y) !== undefined) return this.group(start, depth);
    if (this.take(/\(\?\(\w+\)/y) !== undefined) return this.group(start, depth);
    if (this.take(/\(\?(?:<?[=!])/y) !== undefined) {
      this.group(start, depth);
      return part('empty');
    }
    return this.single(start);
  }

  private group(start: number, depth: number, tag?: string): RegexNode {
    if (depth >= maxDepth) {
      this.at = this.regex.length;
      return { kind: 'empty', start, length: this.at - start };
    }
    const branches = this.branches(depth + 1);
    // `branches` has read a closing tag already.
    if (tag === undefined && this.regex[this.at] === ')') this.at += 1;
    const text = this.regex.slice(start, this.at);
    return { kind: 'group', branches, text, start, ...this.repeats(start) };
  }

  /** A character, a class of them, or an escape, with how often. */
  private single(start: number): RegexNode {
    if (this.take(/\[\^?\]?(?:[^\]\\]|\\.)*\]|\\.|./suy) === undefined) this.at += 1;
    const text = this.regex.slice(start, this.at);
    return { kind: isFree(text) ? 'free' : 'text', text, start, ...this.repeats(start) };
  }

  private repeats(start: number): { min: number; max: number; isLazy: boolean; length: number } {
    const sign = this.take(/[*+?]|\{\d*,?\d*\}/y);
    const isLazy = sign !== undefined && this.take(/\?/y) !== undefined;
    if (sign !== undefined && !isLazy) this.take(/\+/y);
    const [min, max] = bounds(sign);
    return { min, max, isLazy, length: this.at - start };
  }

  /** Takes what matches here; gives its first group, or the whole. */
  private take(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.at;
    const match = pattern.exec(this.regex);
    if (match === null) return undefined;
    this.at = pattern.lastIndex;
    return match[1] ?? match[0];
  }

  private skipTo(end: string): void {
    const found = this.regex.indexOf(end, this.at);
    this.at = found < 0 ? this.regex.length : found + end.length;
  }
}

function bounds(sign: string | undefined): [number, number] {
  if (sign === undefined) return [1, 1];
  if (sign === '*') return [0, Infinity];
  if (sign === '+') return [1, Infinity];
  if (sign === '?') return [0, 1];
  const [, least = '', comma, most = ''] = /^\{(\d*)(,?)(\d*)\}$/.exec(sign) ?? [];
  return [Number(least), comma === '' ? Number(least) : most === '' ? Infinity : Number(most)];
}

/** Whether repetitions of a class can take an address of either family and the blanks around it. */
function isFree(text: string): boolean {
  if (text === '.') return true;
  if (!text.startsWith('[^')) return false;
  // What it excludes: blanks, dots or digits make an address or the text around it impossible.
  return !/\\[sSdDwW]|[ .]|0-9/.test(text.slice(2, -1).replaceAll('\\.', '.'));
}
