import { isPythonSpace, skipSpace, skipSpaceBack, splitLines, stripEnd, type TextLine } from './python-text.ts';

/** Largest file that is read or written, in bytes of UTF-8. */
export const maxFileBytes = 512 * 1024;

/** A file is larger than 512 KB. */
export class FileTooLarge extends Error {
  readonly code = 'file-too-large';
  constructor() {
    super(`A file of the configuration may have at most ${maxFileBytes} bytes.`);
  }
}

/** One line of a value. */
export interface IniValuePart {
  /** Index of the line, from 0. */
  readonly line: number;
  /** Without indentation, comment and trailing blanks; empty for a blank line within the value. */
  readonly text: string;
  /** Where in the line `text` starts. */
  readonly start: number;
}

/** One option in one section of a file. */
export interface IniOption {
  /** In lower case, as the parser knows it. */
  readonly name: string;
  /** Index of its line, from 0. */
  readonly line: number;
  /** The indentation beyond which a line continues the value. */
  readonly indent: number;
  /** At least one. The last one is blank only when it is the only one. */
  readonly parts: readonly IniValuePart[];
  readonly value: string;
}

/** A header and the options under it. DEFAULT may come several times. */
export interface IniSection {
  /** Exactly what stands between the brackets. */
  readonly name: string;
  /** Index of the line of the header, from 0. */
  readonly line: number;
  readonly indent: number;
  readonly options: readonly IniOption[];
}

/** A line that Python's parser refuses, and with it the whole file. */
export interface IniProblem {
  /** From 1. */
  readonly line: number;
  readonly kind: 'no-section' | 'no-option' | 'duplicate-section' | 'duplicate-option';
  readonly message: string;
}

/** A file as Python's configparser reads it, with where everything stands. */
export interface IniFile {
  readonly lines: readonly TextLine[];
  readonly sections: readonly IniSection[];
  /** In the order of the lines. What is refused is not among the sections; everything else is. */
  readonly problems: readonly IniProblem[];
}

interface OpenOption extends IniOption {
  readonly parts: IniValuePart[];
  value: string;
}
interface OpenSection extends IniSection {
  readonly options: OpenOption[];
}

const hash = 0x23;
const semicolon = 0x3b;

/**
 * Reads a `.conf` or `.local` file as fail2ban's parser does: Python's configparser, strict, with ` ;` for a comment at
 * the end of a line (client/configparserinc.py). Never throws for what stands in the file; throws FileTooLarge.
 */
export function parseIni(text: string): IniFile {
  if (text.length > maxFileBytes || Buffer.byteLength(text) > maxFileBytes) throw new FileTooLarge();
  const lines = splitLines(text);
  const sections: OpenSection[] = [];
  const problems: IniProblem[] = [];
  const seen = new Set<string>();
  let section: OpenSection | undefined;
  let option: OpenOption | undefined;
  let names = new Set<string>();
  const defaultNames = new Set<string>();
  let indent = 0;

  for (const [line, { text: whole }] of lines.entries()) {
    const start = skipSpace(whole, 0, whole.length);
    if (start === whole.length) {
      option?.parts.push({ line, text: '', start });
      continue;
    }
    const first = whole.charCodeAt(start);
    if (first === hash || first === semicolon) continue;
    const end = skipSpaceBack(whole, start, commentStart(whole, start));
    if (option !== undefined && start > indent) {
      option.parts.push({ line, text: whole.slice(start, end), start });
      continue;
    }
    indent = start;
    const header = headerIn(whole, start, end);
    if (header !== undefined) {
      option = undefined;
      section = { name: header, line, indent, options: [] };
      if (header === 'DEFAULT') {
        names = defaultNames;
      } else {
        if (seen.has(header)) {
          problems.push({
            line: line + 1,
            kind: 'duplicate-section',
            message: `The section [${brief(header)}] is there twice.`,
          });
        }
        seen.add(header);
        names = new Set();
      }
      sections.push(section);
      continue;
    }
    if (section === undefined) {
      problems.push({ line: line + 1, kind: 'no-section', message: 'This line stands before the first section.' });
      continue;
    }
    const delimiter = delimiterIn(whole, start, end);
    const name = delimiter === -1 ? '' : whole.slice(start, skipSpaceBack(whole, start, delimiter)).toLowerCase();
    if (name === '') {
      problems.push({
        line: line + 1,
        kind: 'no-option',
        message: 'This line is neither a section, an option, a comment nor the continuation of a value.',
      });
      // Without a delimiter Python goes on with the option before it.
      if (delimiter !== -1) option = undefined;
      continue;
    }
    const valueStart = skipSpace(whole, delimiter + 1, end);
    option = {
      name,
      line,
      indent,
      parts: [{ line, text: whole.slice(valueStart, end), start: valueStart }],
      value: '',
    };
    if (names.has(name)) {
      problems.push({
        line: line + 1,
        kind: 'duplicate-option',
        message: `The option ${brief(name)} is there twice in [${brief(section.name)}].`,
      });
    } else {
      names.add(name);
      section.options.push(option);
    }
  }
  for (const { options } of sections) options.forEach(closeValue);
  return { lines, sections, problems };
}

/** Where a comment at the end of the line starts: a `;` after a blank. The length of the line when there is none. */
function commentStart(line: string, from: number): number {
  for (let at = line.indexOf(';', from); at !== -1; at = line.indexOf(';', at + 1)) {
    if (isPythonSpace(line.charCodeAt(at - 1))) return at;
  }
  return line.length;
}

/** What stands between `[` and the last `]`; whatever follows that is ignored. */
function headerIn(line: string, start: number, end: number): string | undefined {
  if (line[start] !== '[') return undefined;
  const close = line.lastIndexOf(']', end - 1);
  return close > start + 1 ? line.slice(start + 1, close) : undefined;
}

function delimiterIn(line: string, start: number, end: number): number {
  for (let at = start; at < end; at++) {
    const unit = line[at];
    if (unit === '=' || unit === ':') return at;
  }
  return -1;
}

/** Blank lines after a value are not part of it. */
function closeValue(option: OpenOption): void {
  const { parts } = option;
  while (parts.length > 1 && parts.at(-1)?.text === '') parts.pop();
  option.value = parts.length === 1 ? (parts[0]?.text ?? '') : stripEnd(parts.map(({ text }) => text).join('\n'));
}

function brief(name: string): string {
  return name.length > 100 ? `${name.slice(0, 100)}…` : name;
}
