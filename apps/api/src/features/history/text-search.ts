/** Letters of a trigram. */
const size = 3;
/** Trigrams asked for at most; a few choose nearly as well as all of them. */
const maxTrigrams = 16;

/**
 * How a text looks inside of the stored JSON. Lines are stored as a JSON array, so quotes, backslashes and control characters are
 * escaped there.
 */
function inJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

/** A LIKE pattern for stored lines that contain the text; its escape character is `!`. It may find a little too much. */
export function likePattern(text: string): string {
  return `%${inJson(text).replaceAll(/[!%_]/g, '!$&')}%`;
}

/** A query of SQLite's trigram index that finds at least all lines with the text; undefined when the text is too short. */
export function trigramQuery(text: string): string | undefined {
  const letters = [...inJson(text)];
  if (letters.length < size) return undefined;
  const trigrams = new Set<string>();
  for (let at = 0; at + size <= letters.length; at += 1) trigrams.add(letters.slice(at, at + size).join(''));
  const step = Math.ceil(trigrams.size / maxTrigrams);
  return [...trigrams]
    .filter((_, index) => index % step === 0)
    .map((trigram) => `"${trigram.replaceAll('"', '""')}"`)
    .join(' AND ');
}

/** Whether one of the lines contains the text; letters A to Z match in either case. The last word on every search. */
export function contains(lines: readonly string[], text: string): boolean {
  const wanted = lowerAscii(text);
  return lines.some((line) => lowerAscii(line).includes(wanted));
}

function lowerAscii(text: string): string {
  return text.replaceAll(/[A-Z]+/g, (letters) => letters.toLowerCase());
}
