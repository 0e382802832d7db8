/** A piece of a text: as it is, or one character that must not act, by its name. */
export interface TextRun {
  readonly text: string;
  readonly isControl: boolean;
}

// C0 and C1 controls, soft hyphen, zero-width and direction marks, isolates, line separators, tags, lone surrogates.
const UNSAFE =
  // eslint-disable-next-line no-control-regex -- naming control characters is what this is for
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]|\p{Surrogate}/gu;

/** Longest text that is looked at; the rest is cut and said so. Nobody reads more, and a page must not choke on it. */
const LONGEST = 4000;

/** Splits a hostile text into what can be shown and what must be named: `\x1b` below U+0100, `U+202E` above. */
export function textRuns(text: string, options: { readonly keepsLines: boolean }): readonly TextRun[] {
  const runs: TextRun[] = [];
  const shown = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  let from = 0;
  for (const match of shown.matchAll(UNSAFE)) {
    if (options.keepsLines && /[\n\t]/.test(match[0])) continue;
    if (match.index > from) runs.push({ text: shown.slice(from, match.index), isControl: false });
    runs.push({ text: nameOf(match[0].codePointAt(0) ?? 0), isControl: true });
    from = match.index + match[0].length;
  }
  if (from < shown.length) runs.push({ text: shown.slice(from), isControl: false });
  return runs;
}

function nameOf(code: number): string {
  const hex = code.toString(16);
  return code < 0x100 ? `\\x${hex.padStart(2, '0')}` : `U+${hex.toUpperCase().padStart(4, '0')}`;
}
