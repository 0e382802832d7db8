import { UnresolvedValue } from './interpolation.ts';

/** fail2ban's MAX_TAG_REPLACE_COUNT (helpers.py): how often one tag may be replaced within one value. */
const maxReplacementsOfTag = 25;
/** Bounds that fail2ban lacks: 25 doublings would otherwise fill any memory. */
const maxReplacements = 10_000;
const maxLength = 1024 * 1024;

/**
 * Replaces `<tag>` in every value by the value of that name, again and again, as substituteRecursiveTags does
 * (fail2ban/helpers.py). A tag nobody knows stays: the server may know it. `further` gives values that are not among
 * `values`; what is in `ignored` is neither replaced nor looked into. Throws UnresolvedValue.
 */
export function substituteTags(
  values: ReadonlyMap<string, string>,
  ignored: ReadonlySet<string>,
  further: (name: string) => string | undefined,
): Map<string, string> {
  const result = new Map(values);
  const done = new Set<string>();
  const counts = new Map<string, Map<string, number>>();
  let budget = maxReplacements;
  for (let isRepeated = true; isRepeated;) {
    isRepeated = false;
    for (const [name, before] of result) {
      if (ignored.has(name) || done.has(name)) continue;
      const replaced = counts.get(name) ?? new Map<string, number>();
      let value = before;
      for (let tag = tagFrom(value, 0); tag !== undefined;) {
        if (ignored.has(tag.name)) {
          tag = tagFrom(value, tag.end);
          continue;
        }
        const count = replaced.get(tag.name) ?? 0;
        if (tag.name === name || count > maxReplacementsOfTag) {
          throw new UnresolvedValue(`<${name.slice(0, 100)}> and <${tag.name.slice(0, 100)}> refer to each other.`);
        }
        const replacement = result.get(tag.name) ?? further(tag.name);
        if (replacement === undefined) {
          tag = tagFrom(value, tag.end);
          continue;
        }
        value = value.replaceAll(`<${tag.name}>`, () => replacement);
        if (value.length > maxLength || --budget < 0) {
          throw new UnresolvedValue(`<${name.slice(0, 100)}> has too many tags.`);
        }
        replaced.set(tag.name, count + 1);
        tag = tagFrom(value, tag.start);
      }
      if (value !== before) {
        if (tagFrom(value, 0) !== undefined) {
          counts.set(name, replaced);
          isRepeated = true;
        }
        result.set(name, value);
      }
      if (!value.includes('<')) done.add(name);
    }
  }
  return result;
}

interface Tag {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** The first `<name>` from `from`: a name has neither blank nor bracket. */
function tagFrom(text: string, from: number): Tag | undefined {
  for (let start = text.indexOf('<', from); start !== -1;) {
    let end = start + 1;
    while (end < text.length && text[end] !== '>' && text[end] !== '<' && text[end] !== ' ') end++;
    if (text[end] === '>' && end > start + 1) return { name: text.slice(start + 1, end), start, end: end + 1 };
    start = text.indexOf('<', text[end] === '<' ? end : end + 1);
  }
  return undefined;
}
