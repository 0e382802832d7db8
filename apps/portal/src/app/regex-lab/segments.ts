import { type TextRun, textRuns } from '../ui/text-runs';

/** A named piece of a text; `end` is behind it. */
export interface Span {
  readonly name: string;
  readonly start: number;
  readonly end: number;
}

/** A piece of a hostile text and the innermost span that it lies in. */
export interface Segment extends TextRun {
  /** Null outside of all. */
  readonly name: string | null;
}

/** Nobody reads further, and a page must not choke on a line. */
const LONGEST = 4000;

/** Cuts a text where spans begin and end; what must not act is named, as in `textRuns`. Spans outside of the text are left out. */
export function segments(text: string, spans: readonly Span[]): readonly Segment[] {
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const inside = spans.filter(({ start, end }) => start >= 0 && start < end && end <= shown.length);
  // The shortest first: it is the innermost, or at least the most telling.
  const sorted = inside.toSorted((one, other) => one.end - one.start - (other.end - other.start));
  const cuts = [...new Set([0, shown.length, ...inside.flatMap(({ start, end }) => [start, end])])].sort(
    (a, b) => a - b,
  );
  return cuts.slice(1).flatMap((end, index) => {
    const start = cuts[index] ?? 0;
    const name = sorted.find((span) => span.start <= start && end <= span.end)?.name ?? null;
    return textRuns(shown.slice(start, end), { keepsLines: false }).map((run) => ({ ...run, name }));
  });
}
