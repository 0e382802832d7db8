import { readConfigText, type TextSection } from './config-text';
import { type ConfigKind, type ConfigNames, INCLUDES, OPTIONS, SECTIONS, TAGS, valuesOf } from './config-vocabulary';

/** What may stand where the person writes. */
export interface Offer {
  /** Where what it replaces starts, characters from the start of the line. */
  readonly from: number;
  readonly kind: 'section' | 'option' | 'value' | 'reference' | 'tag';
  readonly texts: readonly string[];
}

/** Where the person writes. */
export interface Place {
  /** The whole file. */
  readonly text: string;
  /** From 1. */
  readonly line: number;
  /** Of that line, what stands before the cursor. */
  readonly before: string;
}

/** What could be written there; null when there is nothing to offer. */
export function offersAt(place: Place, kind: ConfigKind, names: ConfigNames): Offer | null {
  const { before } = place;
  if (/^\s*[#;]/.test(before)) return null;
  const sections = readConfigText(place.text);
  const opened = /^\[[^\]]*$/.exec(before);
  if (opened) {
    const present = new Set(sections.filter(({ line }) => line !== place.line).map(({ name }) => name));
    const texts = SECTIONS[kind].filter((name) => !present.has(name)).map((name) => `[${name}]`);
    return { from: 0, kind: 'section', texts };
  }
  const reference = /%\([\w./-]*$/.exec(before);
  if (reference) return { from: reference.index, kind: 'reference', texts: referencesIn(sections, place, kind) };
  const tag = /<\/?[\w.-]*$/.exec(before);
  if (tag && !before.endsWith('(?P<', tag.index + 1)) {
    return { from: tag.index, kind: 'tag', texts: tagsOf(kind, tag[0]) };
  }
  if (/^[\w.-]+$/.test(before)) {
    return { from: 0, kind: 'option', texts: optionsFor(sections, place.line, kind).map((name) => `${name} = `) };
  }
  const given = /^([\w.-]+)\s*[=:]\s*([\w.-]*)$/.exec(before);
  if (!given) return null;
  const [, option = '', word = ''] = given;
  const texts = valuesOf(option.toLowerCase(), names);
  return texts ? { from: before.length - word.length, kind: 'value', texts } : null;
}

function sectionAt(sections: readonly TextSection[], line: number): TextSection | undefined {
  return sections.findLast((section) => section.line < line);
}

function optionsFor(sections: readonly TextSection[], line: number, kind: ConfigKind): readonly string[] {
  const section = sectionAt(sections, line);
  if (section?.name === 'INCLUDES') return INCLUDES;
  // A second option of one name is refused.
  const present = new Set(section?.options.filter((option) => option.line !== line).map(({ name }) => name));
  return OPTIONS[kind].filter((name) => !present.has(name));
}

function referencesIn(sections: readonly TextSection[], { line }: Place, kind: ConfigKind): string[] {
  const own = sections.flatMap(({ options }) => options).filter((option) => option.line !== line);
  const current = sections.flatMap(({ options }) => options).findLast((option) => option.line <= line)?.name;
  const known = [...new Set([...(current === undefined ? [] : [current]), ...OPTIONS[kind]])];
  const names = [...known.map((name) => `known/${name}`), ...new Set(own.map(({ name }) => name)), '__name__'];
  return names.map((name) => `%(${name})s`);
}

/** Tags that enclose something are offered with their end. */
function tagsOf(kind: ConfigKind, typed: string): string[] {
  const tags = TAGS[kind];
  if (typed.startsWith('</')) return tags.filter((tag) => tag.startsWith('<F-')).map((tag) => `</${tag.slice(1)}`);
  return [...tags];
}
