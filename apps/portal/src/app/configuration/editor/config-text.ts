/** An option as it stands in the text of a file. */
export interface TextOption {
  /** In lower case, as fail2ban's parser knows it. */
  readonly name: string;
  /** Lines joined by line feeds, without comments and indentation. */
  readonly value: string;
  /** From 1. */
  readonly line: number;
}

/** A section as it stands in the text of a file. */
export interface TextSection {
  readonly name: string;
  /** From 1. */
  readonly line: number;
  readonly options: readonly TextOption[];
}

/**
 * Sections and options of a file, for what the editor offers, marks and copies. It follows Python's configparser as fail2ban sets
 * it up (client/configparserinc.py) and passes over lines that it would refuse: what is wrong with a file is the API's to say.
 */
export function readConfigText(text: string): TextSection[] {
  const sections: { name: string; line: number; options: { name: string; value: string; line: number }[] }[] = [];
  let option: { name: string; value: string; line: number } | undefined;
  let indent = 0;
  for (const [index, whole] of text.split(/\r\n|\r|\n/).entries()) {
    const content = whole.trim();
    if (content === '') {
      if (option) option.value += '\n';
      continue;
    }
    if (content.startsWith('#') || content.startsWith(';')) continue;
    const start = whole.length - whole.trimStart().length;
    const said = withoutComment(content);
    if (option && start > indent) {
      option.value += `\n${said}`;
      continue;
    }
    indent = start;
    const header = sectionIn(said);
    if (header !== null) {
      option = undefined;
      sections.push({ name: header, line: index + 1, options: [] });
      continue;
    }
    const delimiter = said.search(/[=:]/);
    const section = sections.at(-1);
    if (delimiter < 1 || !section) continue;
    option = {
      name: said.slice(0, delimiter).trimEnd().toLowerCase(),
      value: said.slice(delimiter + 1).trim(),
      line: index + 1,
    };
    section.options.push(option);
  }
  // Blank lines after a value are no part of it.
  for (const { options } of sections) for (const one of options) one.value = one.value.trimEnd();
  return sections;
}

/** What stands between the brackets of a section's line; null for any other line. */
export function sectionIn(line: string): string | null {
  const close = line.startsWith('[') ? line.lastIndexOf(']') : -1;
  return close > 1 ? line.slice(1, close) : null;
}

/** Where the comment at the end of a line starts: a `;` after a blank; the length of the line when there is none. */
export function commentStart(line: string, from = 0): number {
  for (let at = line.indexOf(';', from); at !== -1; at = line.indexOf(';', at + 1)) {
    if (/\s/.test(line[at - 1] ?? '')) return at;
  }
  return line.length;
}

function withoutComment(line: string): string {
  return line.slice(0, commentStart(line)).trimEnd();
}
