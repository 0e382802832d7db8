import { type IniFile, type IniOption, type IniProblem, type IniSection, parseIni } from './ini-file.ts';
import { skipSpace, type TextLine } from './python-text.ts';

/** A change that the file cannot take so that fail2ban would read it as meant. Nothing was changed. */
export class UnwritableChange extends Error {
  readonly code = 'unwritable-change';
}

/** The bytes of a file are not UTF-8; fail2ban skips such a file with a line in its log. */
export class NotUtf8 extends Error {
  readonly code = 'not-utf8';
  constructor() {
    super('The file is not UTF-8.');
  }
}

/** An option as it stands in one file. */
export interface FileOption {
  readonly name: string;
  readonly value: string;
  /** From 1. */
  readonly line: number;
  readonly lastLine: number;
}

/** A section as it stands in one file. DEFAULT may come several times. */
export interface FileSection {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly options: readonly FileOption[];
}

/**
 * The text of a configuration file that is edited option by option: a change gives a new file in which only the lines
 * that had to change did. Comments, order, blanks and line endings stay byte for byte. Every change is read back
 * before it is given: what fail2ban would read as anything but the file as it was and that one change is refused with
 * UnwritableChange. A file with problems can be printed, not changed.
 */
export class EditableFile {
  private readonly text: string;
  private readonly ini: IniFile;

  private constructor(text: string) {
    this.text = text;
    this.ini = parseIni(text);
  }

  /** At most 512 KB, else throws FileTooLarge. */
  static parse(text: string): EditableFile {
    return new EditableFile(text);
  }

  /** The text of a file's bytes; a byte order mark stays in it. Throws NotUtf8. */
  static decode(bytes: Uint8Array): string {
    try {
      return decoder.decode(bytes);
    } catch {
      // The only failure of a fatal decoder.
      throw new NotUtf8();
    }
  }

  get problems(): readonly IniProblem[] {
    return this.ini.problems;
  }

  get sections(): readonly FileSection[] {
    return this.ini.sections.map(({ name, line, options }) => ({
      name,
      line: line + 1,
      options: options.map(fileOption),
    }));
  }

  /** The option as it stands in this file; `name` in any case. */
  option(section: string, name: string): FileOption | undefined {
    const found = this.find(section, name);
    return found && fileOption(found);
  }

  hasSection(name: string): boolean {
    return this.ini.sections.some((section) => section.name === name);
  }

  print(): string {
    return this.text;
  }

  /**
   * Sets an option, which is added behind the last one of its section when the section has none of that name, and the
   * section at the end of the file when there is none. Lines of the value are separated by `\n`. Throws UnwritableChange.
   */
  withOption(section: string, name: string, value: string): EditableFile {
    this.refuseProblems();
    refuseUnwritable(value);
    const present = this.find(section, name);
    if (present?.value === value) return this;
    if (present !== undefined) {
      return this.checked(this.withLines(replaceValue(this.ini.lines, present, value)), (model) =>
        model.set(keyOf(section, name), value),
      );
    }
    if (!this.hasSection(section)) return this.withSection(section).withOption(section, name, value);
    const target = this.ini.sections.findLast((candidate) => candidate.name === section);
    return this.checked(this.withLines(this.insertion(target, name, value)), (model) =>
      model.set(keyOf(section, name), value),
    );
  }

  /** Takes an option away with all lines of its value; comments between them stay. Without such an option nothing changes. */
  withoutOption(section: string, name: string): EditableFile {
    this.refuseProblems();
    const present = this.find(section, name);
    if (present === undefined) return this;
    const gone = new Set(present.parts.map(({ line }) => line));
    return this.checked(this.withLines(without(this.ini.lines, gone)), (model) => model.delete(keyOf(section, name)));
  }

  /** Adds an empty section at the end, behind a blank line. With such a section nothing changes. */
  withSection(name: string): EditableFile {
    this.refuseProblems();
    if (this.hasSection(name)) return this;
    const header = `[${name}]`;
    const added = this.ini.lines.length === 0 ? [header] : ['', header];
    return this.checked(this.withLines(insert(this.ini.lines, this.ini.lines.length, added)), (model) =>
      model.set(keyOf(name), ''),
    );
  }

  /** Takes a section away: header, options, and one blank line before it. Comments stay. Without such a section nothing changes. */
  withoutSection(name: string): EditableFile {
    this.refuseProblems();
    const sections = this.ini.sections.filter((section) => section.name === name);
    if (sections.length === 0) return this;
    const gone = new Set<number>();
    for (const { line, options } of sections) {
      gone.add(line);
      if (this.ini.lines[line - 1]?.text === '') gone.add(line - 1);
      for (const { parts } of options) for (const part of parts) gone.add(part.line);
    }
    return this.checked(this.withLines(without(this.ini.lines, gone)), (model) => {
      for (const key of model.keys()) if (key === keyOf(name) || key.startsWith(keyOf(name, ''))) model.delete(key);
    });
  }

  private find(section: string, name: string): IniOption | undefined {
    const wanted = name.toLowerCase();
    for (const candidate of this.ini.sections) {
      if (candidate.name !== section) continue;
      const found = candidate.options.find((option) => option.name === wanted);
      if (found) return found;
    }
    return undefined;
  }

  /** The lines with a new option behind the last one of the section, indented as that one is. */
  private insertion(section: IniSection | undefined, name: string, value: string): readonly TextLine[] {
    const last = section?.options.at(-1);
    const line = last?.line ?? section?.line ?? 0;
    const indent = this.ini.lines[line]?.text.slice(0, last?.indent ?? section?.indent ?? 0) ?? '';
    const [first = '', ...rest] = value.split('\n');
    const added = [
      `${indent}${name} =${first === '' ? '' : ` ${first}`}`,
      ...rest.map((text) => (text === '' ? '' : `${indent}${continuation}${text}`)),
    ];
    return insert(this.ini.lines, (last?.parts.at(-1)?.line ?? line) + 1, added);
  }

  private withLines(lines: readonly TextLine[]): EditableFile {
    return new EditableFile(lines.map(({ text, ending }) => text + ending).join(''));
  }

  private refuseProblems(): void {
    const [problem] = this.ini.problems;
    if (problem) throw new UnwritableChange(`Line ${problem.line} must be put right first: ${problem.message}`);
  }

  /** `changed`, if it reads as this file and the change; anything else would be a surprise for its author. */
  private checked(changed: EditableFile, change: (model: Map<string, string>) => void): EditableFile {
    const wanted = modelOf(this.ini);
    change(wanted);
    const read = modelOf(changed.ini);
    const isAsMeant =
      changed.ini.problems.length === 0 &&
      read.size === wanted.size &&
      [...wanted].every(([key, value]) => read.get(key) === value);
    if (!isAsMeant) throw new UnwritableChange('fail2ban would not read the changed file as it is meant.');
    return changed;
  }
}

const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
const continuation = '    ';

function fileOption({ name, value, line, parts }: IniOption): FileOption {
  return { name, value, line: line + 1, lastLine: (parts.at(-1)?.line ?? line) + 1 };
}

/** A line break can be part of no name that is read back, so it tells section and option apart. */
function keyOf(section: string, name?: string): string {
  return name === undefined ? section : `${section}\n${name.toLowerCase()}`;
}

/** What a file means: its sections, and the value of each option. */
function modelOf({ sections }: IniFile): Map<string, string> {
  const model = new Map<string, string>();
  for (const { name, options } of sections) {
    model.set(keyOf(name), '');
    for (const option of options) model.set(keyOf(name, option.name), option.value);
  }
  return model;
}

/** What a file could hold, but a person could not have meant. That all else is read back is checked on the file itself. */
function refuseUnwritable(value: string): void {
  if (!value.isWellFormed()) throw new UnwritableChange('The value is not Unicode text.');
  // eslint-disable-next-line no-control-regex -- these are what is looked for
  if (/[\0-\x08\x0b-\x1f\x7f]/.test(value)) throw new UnwritableChange('The value has control characters.');
}

/** Replaces the lines of a value that differ. What stands before and behind the text of a line stays, such as a comment. */
function replaceValue(lines: readonly TextLine[], option: IniOption, value: string): readonly TextLine[] {
  const { parts } = option;
  const wanted = value.split('\n');
  let same = 0;
  while (same < parts.length && same < wanted.length && parts[same]?.text === wanted[same]) same++;
  let sameEnd = 0;
  // The first part shares its line with the name, so it never moves.
  while (
    sameEnd < Math.min(parts.length, wanted.length) - Math.max(same, 1) &&
    parts.at(-1 - sameEnd)?.text === wanted.at(-1 - sameEnd)
  ) {
    sameEnd++;
  }
  const changed = [...lines];
  const oldMiddle = parts.slice(same, parts.length - sameEnd);
  const newMiddle = wanted.slice(same, wanted.length - sameEnd);
  const kept = Math.min(oldMiddle.length, newMiddle.length);
  const indentation = indentationOf(lines, option);
  for (let at = 0; at < kept; at++) {
    const part = oldMiddle[at];
    const line = part && lines[part.line];
    const text = newMiddle[at] ?? '';
    if (part && line && part.text !== text) {
      changed[part.line] = {
        ...line,
        text: replacePart(line.text, part, text, part.line === option.line, indentation),
      };
    }
  }
  if (newMiddle.length > kept) {
    const behind = (parts[same + kept - 1]?.line ?? option.line) + 1;
    const added = newMiddle.slice(kept).map((text) => (text === '' ? '' : indentation + text));
    return insert(changed, behind, added);
  }
  return without(changed, new Set(oldMiddle.slice(kept).map(({ line }) => line)));
}

/** One line with another text in place of that of `part`. */
function replacePart(
  line: string,
  part: { readonly text: string; readonly start: number },
  text: string,
  hasName: boolean,
  indentation: string,
): string {
  const behind = line.slice(part.start + part.text.length);
  if (hasName) {
    const before = line.slice(0, part.start);
    // One blank comes and goes with the value, so that emptying an option and filling it again is no change.
    if (part.text === '') return `${before} ${text}${behind}`;
    return (text === '' && before.endsWith(' ') ? before.slice(0, -1) : before) + text + behind;
  }
  if (text === '') return '';
  return (part.text === '' ? indentation : line.slice(0, part.start)) + text + (part.text === '' ? '' : behind);
}

/** How the value is continued already, else four columns more than the option. */
function indentationOf(lines: readonly TextLine[], option: IniOption): string {
  const continued = option.parts.findLast(({ line, text }) => line !== option.line && text !== '');
  if (continued) return lines[continued.line]?.text.slice(0, continued.start) ?? continuation;
  const own = lines[option.line]?.text ?? '';
  return own.slice(0, skipSpace(own, 0, own.length)) + continuation;
}

/** Puts lines in, with the line ending the file has. A file without a line ending at its end stays one. */
function insert(lines: readonly TextLine[], at: number, added: readonly string[]): readonly TextLine[] {
  const ending = lines.find((line) => line.ending !== '')?.ending ?? '\n';
  const fresh = added.map((text) => ({ text, ending }));
  const before = lines.slice(0, at);
  const last = before.at(-1);
  const newest = fresh.at(-1);
  if (last?.ending === '' && newest !== undefined) {
    before[before.length - 1] = { text: last.text, ending };
    fresh[fresh.length - 1] = { text: newest.text, ending: '' };
  }
  return [...before, ...fresh, ...lines.slice(at)];
}

/** Takes lines out. A file without a line ending at its end stays one. */
function without(lines: readonly TextLine[], gone: ReadonlySet<number>): readonly TextLine[] {
  const kept = lines.filter((_, line) => !gone.has(line));
  const last = kept.at(-1);
  if (last !== undefined && lines.at(-1)?.ending === '') kept[kept.length - 1] = { text: last.text, ending: '' };
  return kept;
}
