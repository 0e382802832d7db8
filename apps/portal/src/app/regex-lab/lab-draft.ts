import { type RegexLabReport, type RegexLabTrial } from '../api/generated/models';

/** What a person typed into the lab. */
export interface LabDraft {
  readonly failregex: string;
  readonly ignoreregex: string;
  readonly prefregex: string;
  readonly datepattern: string;
  readonly maxlines: string;
  readonly lines: string;
}

/** An empty lab. */
export const emptyDraft: LabDraft = {
  failregex: '',
  ignoreregex: '',
  prefregex: '',
  datepattern: '',
  maxlines: '',
  lines: '',
};

/** Lines of a field without the last empty one. */
export function linesOf(text: string): string[] {
  const lines = text.split(/\r?\n/);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** One expression a line; empty lines and the blanks around are nothing. */
function expressionsOf(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
}

/** The regexes of a draft, as the API takes them. */
export function regexesOf(draft: LabDraft): Partial<RegexLabTrial> {
  const { prefregex, datepattern, maxlines } = draft;
  return {
    failregex: expressionsOf(draft.failregex),
    ignoreregex: expressionsOf(draft.ignoreregex),
    ...(prefregex.trim() !== '' && { prefregex: prefregex.trim() }),
    ...(datepattern.trim() !== '' && { datepattern }),
    ...(maxlines.trim() !== '' && { maxlines: Number(maxlines) }),
  };
}

/** The regexes of a filter that was tried, to be changed. */
export function draftOf({ definition }: RegexLabReport, lines: string): LabDraft {
  const { failregex, ignoreregex, prefregex, datepattern, maxlines } = definition;
  return {
    failregex: failregex.map(({ regex }) => regex).join('\n'),
    ignoreregex: ignoreregex.map(({ regex }) => regex).join('\n'),
    prefregex: prefregex ?? '',
    datepattern: datepattern ?? '',
    maxlines: maxlines === null ? '' : String(maxlines),
    lines,
  };
}
