// What the checks of the documentation need to know of a Markdown file; a renderer knows more, and is not needed for it.

/** A heading outside of code, with the anchor it gets on the site and on the usual forges. */
export interface Heading {
  readonly level: number;
  readonly text: string;
  readonly anchor: string;
}

/** An inline link or image outside of code. */
export interface Link {
  readonly line: number;
  readonly text: string;
  readonly target: string;
}

/** A fenced block of code; `line` is that of its first line of content, counted from 1. */
export interface CodeBlock {
  readonly line: number;
  readonly language: string;
  readonly text: string;
}

interface Line {
  readonly number: number;
  readonly text: string;
}

const FENCE = /^( *)(`{3,}|~{3,})\s*([^`\s]*)/;

/** The anchor of a heading: lower case, only letters, digits, `-` and `_`, a hyphen for each space. */
export function anchorOf(heading: string): string {
  return plain(heading)
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .trim()
    .replace(/\s/g, '-');
}

/** The headings of a text in order; a second one with the same words has `-1` behind its anchor, and so on. */
export function headings(markdown: string): Heading[] {
  const seen = new Map<string, number>();
  const found: Heading[] = [];
  for (const { text } of split(markdown).prose) {
    const match = /^(#{1,6})\s+(.+?)\s*#*$/.exec(text);
    if (match?.[1] === undefined || match[2] === undefined) continue;
    const anchor = anchorOf(match[2]);
    const before = seen.get(anchor) ?? 0;
    seen.set(anchor, before + 1);
    found.push({
      level: match[1].length,
      text: plain(match[2]),
      anchor: before === 0 ? anchor : `${anchor}-${before}`,
    });
  }
  return found;
}

/** Inline links and images of a text, in order. */
export function links(markdown: string): Link[] {
  return split(markdown).prose.flatMap(({ number, text }) =>
    [...withoutCode(text).matchAll(/\[((?:[^\][]|\[[^\][]*\])*)\]\(<?([^()\s>]+)>?(?:\s+"[^"]*")?\)/g)].map(
      (match) => ({
        line: number,
        text: match[1] ?? '',
        target: match[2] ?? '',
      }),
    ),
  );
}

/** Fenced blocks of code, with the indentation of their fence taken off. */
export function codeBlocks(markdown: string): CodeBlock[] {
  return split(markdown).blocks;
}

/** Words of a heading as they are read: without emphasis, code marks and the targets of links. */
function plain(heading: string): string {
  return heading
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/[`*]/g, '')
    .replace(/(^|\s)_([^_]+)_(?=\W|$)/g, '$1$2');
}

const withoutCode = (text: string): string => text.replace(/(`+)(?:(?!\1).)+\1/g, (code) => ' '.repeat(code.length));

function split(markdown: string): { prose: Line[]; blocks: CodeBlock[] } {
  const prose: Line[] = [];
  const blocks: CodeBlock[] = [];
  let open: { fence: string; indent: number; language: string; line: number; lines: string[] } | undefined;
  for (const [index, text] of markdown.split(/\r?\n/).entries()) {
    const match = FENCE.exec(text);
    if (open === undefined) {
      if (match === null) prose.push({ number: index + 1, text });
      else
        open = {
          fence: match[2] ?? '',
          indent: match[1]?.length ?? 0,
          language: match[3] ?? '',
          line: index + 2,
          lines: [],
        };
    } else if (match !== null && match[3] === '' && (match[2] ?? '').startsWith(open.fence)) {
      blocks.push({ line: open.line, language: open.language, text: open.lines.join('\n') });
      open = undefined;
    } else {
      open.lines.push(text.slice(Math.min(open.indent, text.length - text.trimStart().length)));
    }
  }
  if (open !== undefined) blocks.push({ line: open.line, language: open.language, text: open.lines.join('\n') });
  return { prose, blocks };
}
