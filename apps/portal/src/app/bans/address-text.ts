// Only the look of an address: what it is, and whether it may be banned, the API decides.
const V4 = /^\d{1,3}(\.\d{1,3}){3}(\/[\d.]{1,15})?(:\d{1,5})?$/;
const V4_PART = /^\d{1,3}(\.\d{1,3}){0,2}\.\*$/;
const V6 = /^\[?[0-9a-f:.]*:[0-9a-f:.]*:[0-9a-f:.]*(%\w+)?\]?(\/\d{1,3})?(:\d{1,5})?$/i;
const RANGE = /^[0-9a-f:.]+-[0-9a-f:.]+$/i;
const LOOKS_WRONG = /^[\d.:/*-]+$/;

/** True for a text that looks like an address or a network: `192.0.2.1`, `192.0.2.0/24`, `2001:db8::/32`. */
export function looksLikeAddress(text: string): boolean {
  return V4.test(text) || V6.test(text);
}

/**
 * Takes the addresses out of whatever was pasted: one per line, with commas, quoted, in log lines, as URLs, as ranges.
 * From a line with addresses only these are taken; from a line without any the words stay, so that the preview can say
 * what is wrong with them. Comments after `#` go. Each entry comes once, in the order of the text.
 */
export function splitAddresses(text: string): readonly string[] {
  const found = new Set<string>();
  for (const line of text.split(/[\r\n]+/)) {
    const words = wordsOf(line);
    const addresses = words.filter((word) => isUseful(word));
    for (const word of addresses.length > 0 ? addresses : words) found.add(word);
  }
  return [...found];
}

function wordsOf(line: string): string[] {
  return line
    .replace(/(^|\s)#.*$/, '')
    .replace(/(?<=[\da-f:])\s*[-–]\s*(?=[\da-f:]+[.:])/gi, '-')
    .split(/[\s,;|"'`<>(){}=]+/)
    .map((word) => word.replace(/^(https?|ssh):\/\/([^/\s]+).*$/i, '$2').replace(/[.!?]+$|:$/, ''))
    .filter((word) => word !== '');
}

function isUseful(word: string): boolean {
  if (looksLikeAddress(word) || V4_PART.test(word) || RANGE.test(word)) return isNoClock(word);
  // Digits with dots that are no address, as 300.1.1: worth telling. A port or a year alone is not.
  return LOOKS_WRONG.test(word) && word.split('.').length > 2;
}

/** `12:30:05` and `2026-11-22` look like the forms above and stand in every log line. */
function isNoClock(word: string): boolean {
  return !/^\d{1,2}:\d{2}:\d{2}([.,]\d+)?$/.test(word) && !/^[\d-]+$/.test(word) && !/^\[?\d+\]?:?$/.test(word);
}
