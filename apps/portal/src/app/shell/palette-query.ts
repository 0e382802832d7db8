import { looksLikeAddress, splitAddresses } from '../bans/index';

/** What a person wants who typed this into the palette. */
export type PaletteQuery =
  | { readonly kind: 'search'; readonly words: readonly string[] }
  | { readonly kind: 'address'; readonly address: string }
  | { readonly kind: 'ban'; readonly addresses: readonly string[]; readonly jail: string | undefined }
  | { readonly kind: 'unban'; readonly addresses: readonly string[] };

/**
 * Reads `192.0.2.1` (look up), `ban 192.0.2.1 sshd`, `unban 192.0.2.1` (also `sperren`, `entsperren`), else words to
 * search in the commands. `jails` are the known names: only one of them is taken as the jail of a ban.
 */
export function parsePaletteQuery(text: string, jails: readonly string[]): PaletteQuery {
  const trimmed = text.trim();
  const [verb = '', ...rest] = trimmed.split(/\s+/);
  const said = rest.join(' ');
  const addresses = splitAddresses(said).filter((word) => looksLikeAddress(word));
  if (/^(ban|sperren?)$/i.test(verb) && addresses.length > 0) {
    return { kind: 'ban', addresses, jail: jails.find((jail) => rest.includes(jail)) };
  }
  if (/^(unban|entsperren?)$/i.test(verb) && addresses.length > 0) return { kind: 'unban', addresses };
  if (looksLikeAddress(trimmed)) return { kind: 'address', address: trimmed };
  return {
    kind: 'search',
    words: trimmed
      .toLowerCase()
      .split(/\s+/)
      .filter((word) => word !== ''),
  };
}

/** True when every word occurs in the text, in any order. */
export function matchesWords(text: string, words: readonly string[]): boolean {
  const lower = text.toLowerCase();
  return words.every((word) => lower.includes(word));
}
