import { UnresolvedValue } from './interpolation.ts';
import { isPythonSpace, skipSpace, strip } from './python-text.ts';

/** A filter or action with its parameters, as a jail writes it: `iptables[name=SSH, port="ssh,sftp"]`. */
export interface NameWithParameters {
  readonly name: string;
  readonly parameters: ReadonlyMap<string, string>;
}

/** Longest list of actions that is taken apart. Debian's longest has some 300 characters. */
const maxLength = 16 * 1024;

/**
 * Takes `name[a=1, b="2"][c='3']` apart as extractOptions does (fail2ban/helpers.py): quoted values may hold any
 * character but their quote, others end at `,` or `]`. Throws UnresolvedValue.
 */
export function nameWithParameters(text: string): NameWithParameters {
  const open = text.indexOf('[');
  if (open === -1 && text !== '') return { name: text, parameters: new Map() };
  const list = strip(text.slice(open + 1));
  if (open < 1 || !list.endsWith(']')) throw new UnresolvedValue('It is not written like name[parameter=value, …].');
  return { name: text.slice(0, open), parameters: parametersIn(text.slice(open + 1, text.lastIndexOf(']'))) };
}

function parametersIn(list: string): Map<string, string> {
  const parameters = new Map<string, string>();
  let at = 0;
  while (at < list.length) {
    const start = skipSpace(list, at, list.length);
    const equals = skipWord(list, start);
    if (equals === start || list[equals] !== '=') {
      const rest = skipSpace(list, list[at] === ',' ? at + 1 : at, list.length);
      if (rest === list.length) break;
      throw new UnresolvedValue(`"${list.slice(at, at + 40)}" is no parameter.`);
    }
    const quoted = quotedEnd(list, equals + 1);
    const end = quoted ?? unquotedEnd(list, equals + 1);
    const value = quoted === undefined ? list.slice(equals + 1, end) : list.slice(equals + 2, end - 1);
    const next = afterSeparator(list, end);
    if (next === undefined && !isEnd(list, end)) {
      throw new UnresolvedValue(
        `"${list.slice(end, end + 40)}" follows the parameter ${list.slice(start, Math.min(equals, start + 100))} without a comma.`,
      );
    }
    parameters.set(list.slice(start, equals), strip(value));
    at = next ?? end;
  }
  return parameters;
}

/** Nothing, or only a line break, follows. */
function isEnd(text: string, at: number): boolean {
  return at === text.length || (at === text.length - 1 && text[at] === '\n');
}

/**
 * The actions of a jail: separated by blanks or line breaks, which may also stand between the brackets of one
 * (splitWithOptions, fail2ban/helpers.py). Throws UnresolvedValue for more than 16 KB.
 */
export function splitActions(text: string): string[] {
  if (text.length > maxLength) throw new UnresolvedValue('The list of actions is too long.');
  const actions: string[] = [];
  for (let at = skipSpace(text, 0, text.length); at < text.length; at = skipSpace(text, at, text.length)) {
    let nameEnd = at;
    while (nameEnd < text.length && text[nameEnd] !== '[' && !isPythonSpace(text.charCodeAt(nameEnd))) nameEnd++;
    const open = skipSpace(text, nameEnd, text.length);
    let end = nameEnd > at && text[open] === '[' ? parametersEnd(text, open + 1) : undefined;
    if (end === undefined) {
      end = nameEnd;
      while (end < text.length && !isPythonSpace(text.charCodeAt(end))) end++;
    }
    actions.push(text.slice(at, end));
    at = end;
  }
  return actions;
}

/**
 * Where the parameters that start at `from` end, behind the closing bracket, in the first of the readings that
 * fail2ban's pattern would try. Each place of the text is looked at once, where the pattern may take exponential time.
 */
function parametersEnd(text: string, from: number): number | undefined {
  const seen = new Set<number>();
  /** Where values without quotes end, and the first of the names whose value ends there. */
  const firsts = new Map<number, number>();
  const places = [skipSpace(text, from, text.length)];
  for (let at = places.pop(); at !== undefined; at = places.pop()) {
    if (seen.has(at)) continue;
    seen.add(at);
    if (text[at] === ']') {
      if (at + 1 === text.length || isPythonSpace(text.charCodeAt(at + 1))) return at + 1;
      continue;
    }
    const equals = skipWord(text, at);
    if (equals === at || text[equals] !== '=') continue;
    const next: number[] = [];
    const quoted = quotedEnd(text, equals + 1);
    if (quoted !== undefined) next.push(...followers(text, quoted));
    const end = unquotedEnd(text, equals + 1);
    next.push(...followers(text, end));
    // A value without quotes may also end before any later name, as there may be no separator. What an earlier value
    // with the same end has put aside is tried from there.
    const last = firsts.get(end) ?? end;
    firsts.set(end, Math.min(last, equals));
    for (let other = text.lastIndexOf('=', last - 1); other > equals; other = text.lastIndexOf('=', other - 1)) {
      let name = other;
      while (name > equals + 1 && isWord(text, name - 1)) name--;
      if (name < other) next.push(name);
    }
    places.push(...next.toReversed());
  }
  return undefined;
}

/** Where the next parameter or the closing bracket may be behind a value that ends at `end`. */
function followers(text: string, end: number): number[] {
  const separated = afterSeparator(text, end, true);
  const plain = skipSpace(text, end, text.length);
  return separated === undefined ? [plain] : [skipSpace(text, separated, text.length), plain];
}

/** Behind `,` or `] [`. Blanks before that are allowed where the list is only looked through. */
function afterSeparator(text: string, end: number, isBlankAllowed = false): number | undefined {
  const at = isBlankAllowed ? skipSpace(text, end, text.length) : end;
  if (text[at] === ',') return at + 1;
  if (text[at] !== ']') return undefined;
  const open = skipSpace(text, at + 1, text.length);
  return text[open] === '[' ? open + 1 : undefined;
}

/** Behind the closing quote, when a quote opens at `at` and closes. */
function quotedEnd(text: string, at: number): number | undefined {
  const quote = text[at];
  if (quote !== '"' && quote !== "'") return undefined;
  const close = text.indexOf(quote, at + 1);
  return close === -1 ? undefined : close + 1;
}

function unquotedEnd(text: string, at: number): number {
  let end = at;
  while (end < text.length && text[end] !== ',' && text[end] !== ']') end++;
  return end;
}

function skipWord(text: string, from: number): number {
  let at = from;
  while (at < text.length && isWord(text, at)) at++;
  return at;
}

function isWord(text: string, at: number): boolean {
  return /[\p{L}\p{N}_.-]/u.test(text[at] ?? '');
}
