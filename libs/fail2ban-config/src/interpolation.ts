import type { ConfigurationSections } from './configuration-sections.ts';

/** Why a value cannot be had. Thrown inside this package only; outside it is the `problem` of an option. */
export class UnresolvedValue extends Error {}

/** What a piece of work gave, or why it gave nothing. */
export type Attempt<T> =
  { readonly value: T; readonly problem: null } | { readonly value: null; readonly problem: string };

/** Runs `work`, and gives an UnresolvedValue as a problem. */
export function attempt<T>(work: () => T): Attempt<T> {
  try {
    return { value: work(), problem: null };
  } catch (error) {
    if (error instanceof UnresolvedValue) return { value: null, problem: error.message };
    throw error;
  }
}

/** Where the names in `%(…)s` are looked up. */
export interface InterpolationScope {
  readonly sections: ConfigurationSections;
  /** The section in which the value stands. */
  readonly section: string;
  /** Values before those of the section, by name in lower case. */
  readonly variables?: ReadonlyMap<string, string> | undefined;
  /** `known/…` values that fail2ban adds to the section, without `known/`. Asked for only when something refers to one. */
  readonly added?: ((name: string) => string | undefined) | undefined;
}

/** As Python's MAX_INTERPOLATION_DEPTH. */
const maxDepth = 10;
/** Bounds that Python lacks: ten levels of a few references each would otherwise fill any memory. */
const maxReplacements = 10_000;
const maxLength = 1024 * 1024;

/**
 * Replaces `%(option)s`, `%(section/option)s`, `%(known/option)s`, `%(default/option)s` and `%%` as Python's
 * BasicInterpolation and fail2ban's additions to it do (client/configparserinc.py). Throws UnresolvedValue.
 */
export function interpolate(scope: InterpolationScope, raw: string): string {
  if (!raw.includes('%')) return raw;
  const budget = { replacements: maxReplacements, length: maxLength };
  return resolve(scope, raw, new Map([['__name__', scope.section]]), 1, budget);
}

interface Budget {
  replacements: number;
  length: number;
}

function resolve(
  scope: InterpolationScope,
  text: string,
  names: Map<string, string>,
  depth: number,
  budget: Budget,
): string {
  if (depth > maxDepth) throw new UnresolvedValue(`References are nested deeper than ${maxDepth} levels.`);
  addSectionReferences(scope, text, names);
  let result = '';
  let at = 0;
  for (;;) {
    const percent = text.indexOf('%', at);
    result += text.slice(at, percent === -1 ? text.length : percent);
    budget.length -= (percent === -1 ? text.length : percent) - at;
    if (budget.length < 0) throw new UnresolvedValue('The value is too long.');
    if (percent === -1) return result;
    const next = text[percent + 1];
    if (next === '%') {
      result += '%';
      at = percent + 2;
      continue;
    }
    if (next !== '(') throw new UnresolvedValue('A "%" must be written "%%", or be followed by "(".');
    const close = text.indexOf(')', percent);
    if (close === percent + 2 || close === -1 || text[close + 1] !== 's') {
      throw new UnresolvedValue(`"${text.slice(percent, percent + 40)}" is no reference like "%(name)s".`);
    }
    const name = text.slice(percent + 2, close).toLowerCase();
    const value = valueOf(scope, name, names);
    if (value === undefined) throw new UnresolvedValue(`"%(${name.slice(0, 100)})s" refers to nothing.`);
    if (--budget.replacements < 0) throw new UnresolvedValue('The value has too many references.');
    if (value.includes('%')) {
      // What a level adds is seen by the levels below it, not by those beside it.
      result += resolve(scope, value, new Map(names), depth + 1, budget);
    } else {
      budget.length -= value.length;
      result += value;
    }
    at = close + 2;
  }
}

function valueOf(scope: InterpolationScope, name: string, names: ReadonlyMap<string, string>): string | undefined {
  return names.get(name) ?? plainValue(scope, name);
}

function plainValue({ sections, section, variables, added }: InterpolationScope, name: string): string | undefined {
  const given = variables?.get(name) ?? (name.startsWith(known) ? added?.(name.slice(known.length)) : undefined);
  return given ?? sections.own(section, name) ?? sections.default(name);
}

const known = 'known/';

/**
 * Makes `section/option` known by that name. Names are taken as they are written, then looked up in lower case: so
 * `%(Init/x)s` finds nothing, in fail2ban as here.
 */
function addSectionReferences(scope: InterpolationScope, text: string, names: Map<string, string>): void {
  if (!text.includes('/')) return;
  const { sections, section } = scope;
  for (const reference of sectionReferences(text)) {
    if (names.has(reference) || plainValue(scope, reference) !== undefined) continue;
    const slash = reference.indexOf('/');
    const from = reference.slice(0, slash);
    const option = reference.slice(slash + 1);
    const kind = from.toLowerCase();
    if (kind !== 'known' && kind !== 'default' && !sections.has(from)) continue;
    const own =
      kind === 'known' ? sections.known(section, option) : kind === 'default' ? undefined : sections.own(from, option);
    const value = own ?? sections.default(option);
    if (value !== undefined) names.set(reference, value);
  }
}

/** What stands in `%(section/option)s`. Each place is looked at once, whatever the text. */
function* sectionReferences(text: string): Iterable<string> {
  let close = -1;
  for (let open = text.indexOf('%('); open !== -1;) {
    if (close < open) close = text.indexOf(')', open);
    if (close === -1) return;
    let next = open + 2;
    if (text[close + 1] === 's') {
      // The last opening before a bracket is rarely the first one; the first that fits is taken.
      const inside = text.slice(open + 2, Math.min(close, open + 2 + maxReferenceLength));
      if (close - open - 2 <= maxReferenceLength && /^[\p{L}\p{N}_-]+\/./su.test(inside)) {
        yield inside;
        next = close + 2;
      }
    }
    open = text.indexOf('%(', next);
  }
}

const maxReferenceLength = 1_000;
