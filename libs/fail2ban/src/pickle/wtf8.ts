/**
 * UTF-8 as Python writes it with `surrogatepass`: like UTF-8, but a lone surrogate is three bytes instead of an error.
 * Such strings come from file names and log lines that are not valid UTF-8.
 */

/** Reads bytes; undefined when they are not valid. */
export function readWtf8(bytes: Uint8Array): string | undefined {
  let text = '';
  let at = 0;
  while (at < bytes.length) {
    const first = bytes[at] ?? 0;
    const length = first < 0x80 ? 1 : first < 0xc2 ? 0 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
    if (length === 0 || at + length > bytes.length) return undefined;
    let codePoint = length === 1 ? first : first & (0xff >> (length + 1));
    for (let index = 1; index < length; index += 1) {
      const next = bytes[at + index] ?? 0;
      if ((next & 0xc0) !== 0x80) return undefined;
      codePoint = (codePoint << 6) | (next & 0x3f);
    }
    // Overlong forms and numbers beyond Unicode.
    if ((length === 3 && codePoint < 0x800) || (length === 4 && (codePoint < 0x10000 || codePoint > 0x10ffff))) {
      return undefined;
    }
    text += String.fromCodePoint(codePoint);
    at += length;
  }
  return text;
}

/** Writes a string. */
export function writeWtf8(text: string): Buffer {
  // Almost every string is well-formed, and then the built-in writer gives the same bytes.
  if (text.isWellFormed()) return Buffer.from(text, 'utf8');
  const parts: Buffer[] = [];
  for (const character of text) {
    const codePoint = character.codePointAt(0) ?? 0;
    const isSurrogate = codePoint >= 0xd800 && codePoint <= 0xdfff;
    parts.push(
      isSurrogate
        ? Buffer.from([0xe0 | (codePoint >> 12), 0x80 | ((codePoint >> 6) & 0x3f), 0x80 | (codePoint & 0x3f)])
        : Buffer.from(character, 'utf8'),
    );
  }
  return Buffer.concat(parts);
}
