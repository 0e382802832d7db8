import { structuredPatch } from 'diff';

/** A line of a difference. Line numbers count from 1; null on the side that does not have the line. */
export interface DifferenceLine {
  readonly kind: 'same' | 'added' | 'removed';
  readonly before: number | null;
  readonly after: number | null;
  readonly text: string;
}

/** Lines that belong together, with a few unchanged ones around them. */
export interface DifferencePart {
  readonly lines: readonly DifferenceLine[];
}

/** Unchanged lines shown around a change. */
const CONTEXT_LINES = 3;
/** How long the shortest difference is sought, milliseconds: the work grows with the square of what is changed. */
const LONGEST_SEARCH_MS = 300;

/** How a text differs from another, line by line. Null stands for no file. */
export function lineDifference(before: string | null, after: string | null): readonly DifferencePart[] {
  const patch = structuredPatch('', '', before ?? '', after ?? '', undefined, undefined, {
    context: CONTEXT_LINES,
    timeout: LONGEST_SEARCH_MS,
  });
  // Too much is different to look for what is the same.
  if (patch === undefined) return [{ lines: [...all(before, 'removed'), ...all(after, 'added')] }];
  return patch.hunks.map(({ oldStart, newStart, lines }) => ({ lines: numbered(lines, oldStart, newStart) }));
}

function numbered(lines: readonly string[], oldStart: number, newStart: number): DifferenceLine[] {
  let before = oldStart;
  let after = newStart;
  // `\` stands before the remark that the last line has no line feed.
  return lines.flatMap((line): DifferenceLine[] => {
    const text = line.slice(1);
    if (line.startsWith('+')) return [{ kind: 'added', before: null, after: after++, text }];
    if (line.startsWith('-')) return [{ kind: 'removed', before: before++, after: null, text }];
    return line.startsWith(' ') ? [{ kind: 'same', before: before++, after: after++, text }] : [];
  });
}

function all(text: string | null, kind: 'added' | 'removed'): DifferenceLine[] {
  if (text === null) return [];
  return text
    .replace(/\n$/, '')
    .split('\n')
    .map((line, index) => ({
      kind,
      before: kind === 'removed' ? index + 1 : null,
      after: kind === 'added' ? index + 1 : null,
      text: line,
    }));
}
