/**
 * Text that both databases can store: at most this many characters, without NUL (PostgreSQL has none in a text) and without
 * lone surrogates (UTF-8 has none).
 */
export function cleanText(text: string, maxLength: number): string {
  return text.slice(0, maxLength).toWellFormed().replaceAll('\0', '\ufffd');
}
