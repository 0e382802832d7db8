// fail2ban's configuration is read by Python, whose notions of a blank, a line and an order differ from JavaScript's.

/** Whether `str.isspace` and `\s` of Python's `re` hold for a UTF-16 unit: other than in JavaScript, not for U+FEFF, but for U+001C to U+001F and U+0085. */
export function isPythonSpace(unit: number): boolean {
  if (unit < 0x80) return unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) || (unit >= 0x1c && unit <= 0x1f);
  return (
    unit === 0x85 ||
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  );
}

/** Index of the first unit of `text` from `from` that is no blank; `to` when there is none before it. */
export function skipSpace(text: string, from: number, to: number): number {
  let at = from;
  while (at < to && isPythonSpace(text.charCodeAt(at))) at++;
  return at;
}

/** Index after the last unit before `to` that is no blank; `from` when there is none behind it. */
export function skipSpaceBack(text: string, from: number, to: number): number {
  let at = to;
  while (at > from && isPythonSpace(text.charCodeAt(at - 1))) at--;
  return at;
}

/** Python's `str.strip()`. */
export function strip(text: string): string {
  const start = skipSpace(text, 0, text.length);
  return text.slice(start, skipSpaceBack(text, start, text.length));
}

/** Python's `str.rstrip()`. */
export function stripEnd(text: string): string {
  return text.slice(0, skipSpaceBack(text, 0, text.length));
}

/** A line without its ending, and the ending: `\n`, `\r\n`, `\r`, or nothing for a last line without one. */
export interface TextLine {
  readonly text: string;
  readonly ending: string;
}

/** Lines as Python reads a text file (universal newlines). Put together they are the text again; no text has no line. */
export function splitLines(text: string): TextLine[] {
  const lines: TextLine[] = [];
  const from = (found: number) => (found === -1 ? text.length : found);
  // Each is looked for anew only when passed: most files have no carriage return at all.
  let feed = from(text.indexOf('\n'));
  let carriage = from(text.indexOf('\r'));
  for (let start = 0; start < text.length;) {
    const end = Math.min(feed, carriage);
    const next = end === carriage && feed === carriage + 1 ? feed + 1 : Math.min(end + 1, text.length);
    lines.push({ text: text.slice(start, end), ending: text.slice(end, next) });
    start = next;
    if (feed < start) feed = from(text.indexOf('\n', start));
    if (carriage < start) carriage = from(text.indexOf('\r', start));
  }
  return lines;
}

/** Order of Python's `sorted` for strings: by code point, where JavaScript's is by UTF-16 unit. */
export function compareCodePoints(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let at = 0; at < length; at++) {
    const left = a.charCodeAt(at);
    const right = b.charCodeAt(at);
    if (left === right) continue;
    // A surrogate stands for a code point above every unit that is none.
    const isLeftHigh = left >= 0xd800 && left <= 0xdfff;
    const isRightHigh = right >= 0xd800 && right <= 0xdfff;
    return isLeftHigh === isRightHigh ? left - right : isLeftHigh ? 1 : -1;
  }
  return a.length - b.length;
}
