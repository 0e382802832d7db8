import { type TextRun, textRuns } from './text-runs';

/** A piece of a hostile text, perhaps one that the reader looks for. */
export interface MarkedRun extends TextRun {
  readonly isMarked: boolean;
}

/**
 * Splits a hostile text into pieces like `textRuns` and marks where one of the needles stands, whatever its case. A
 * needle that a control character cuts in two is not found: it is not what it looks like.
 */
export function markedRuns(text: string, needles: readonly string[]): readonly MarkedRun[] {
  const wanted = needles.filter((needle) => needle !== '');
  return textRuns(text, { keepsLines: false }).flatMap((run) =>
    run.isControl || wanted.length === 0 ? [{ ...run, isMarked: false }] : split(run.text, wanted),
  );
}

function split(text: string, needles: readonly string[]): MarkedRun[] {
  const pattern = new RegExp(needles.map(edged).join('|'), 'gi');
  const runs: MarkedRun[] = [];
  let from = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > from) runs.push({ text: text.slice(from, match.index), isControl: false, isMarked: false });
    runs.push({ text: match[0], isControl: false, isMarked: true });
    from = match.index + match[0].length;
  }
  if (from < text.length) runs.push({ text: text.slice(from), isControl: false, isMarked: false });
  return runs;
}

/** `192.0.2.1` must not be found in `192.0.2.17`. */
function edged(needle: string): string {
  const escaped = needle.replace(/[.*+?^${}()|[\]\\/-]/g, String.raw`\$&`);
  return /^[\da-f.:]*[.:][\da-f.:]*$/i.test(needle) ? `(?<![\\w.:])${escaped}(?![\\w:]|\\.\\d)` : escaped;
}
