import { looksLikeAddress } from '../bans/index';
import { countryName, isCountry } from '../ui/country-name';
import { defined, type Filters } from '../api/keyset-list';

/** Everything that narrows the history, as it stands in the address of the page and goes to the API. */
export const FILTER_NAMES = ['jail', 'network', 'country', 'asn', 'origin', 'action', 'text'] as const;
export type FilterName = (typeof FILTER_NAMES)[number];
export type HistoryFilters = Readonly<Partial<Record<FilterName, string>>>;

/** Longest text to search for, characters, as the API allows. */
export const LONGEST_TEXT = 200;

const ADDRESS_LENGTH = 128;
const JAIL = /^(?!-)[A-Za-z0-9_.-]{1,64}$/;

/** Keeps what the API would understand: a link may hold anything. */
export function usableFilters(given: Filters): HistoryFilters {
  const filters: Partial<Record<FilterName, string>> = {};
  for (const [name, value] of Object.entries(defined(given))) {
    const known = FILTER_NAMES.find((candidate) => candidate === name);
    const usable = known && usableValue(known, value);
    if (known && usable !== undefined) filters[known] = usable;
  }
  return filters;
}

/** What one filter is when a person writes it: `AS64496`, `de`, `Germany`. Undefined when it is none of them. */
export function usableValue(name: FilterName, value: string): string | undefined {
  const text = value.trim();
  switch (name) {
    case 'jail':
      return JAIL.test(text) ? text : undefined;
    case 'network':
      return text.length <= ADDRESS_LENGTH && looksLikeAddress(text) ? text : undefined;
    case 'country':
      return countryOf(text);
    case 'asn': {
      const digits = /^(?:AS)?(\d{1,10})$/i.exec(text)?.[1];
      const asn = Number(digits);
      return digits !== undefined && asn >= 1 && asn <= 4_294_967_295 ? String(asn) : undefined;
    }
    case 'origin':
      return text === 'fail2ban' ? 'selfblock' : text === 'selfblock' || text === 'blocklist' ? text : undefined;
    case 'action':
      return text === 'ban' || text === 'unban' ? text : undefined;
    case 'text':
      return text === '' ? undefined : text.slice(0, LONGEST_TEXT);
  }
}

/** What a person typed into the search field: filters by their word, the rest is text to look for. */
export interface TypedSearch {
  readonly filters: HistoryFilters;
  readonly text: string;
}

const WORDS: Readonly<Record<string, FilterName>> = {
  jail: 'jail',
  net: 'network',
  network: 'network',
  netz: 'network',
  address: 'network',
  adresse: 'network',
  country: 'country',
  land: 'country',
  asn: 'asn',
  as: 'asn',
  origin: 'origin',
  herkunft: 'origin',
  action: 'action',
  aktion: 'action',
};

/**
 * Reads `jail:sshd net:203.0.113.0/24 invalid user`. A word without sense stays text. A text that is nothing but an
 * address or network looks for that.
 */
export function readTyped(typed: string): TypedSearch {
  const filters: Partial<Record<FilterName, string>> = {};
  const rest: string[] = [];
  // A value with spaces is quoted: country:"South Korea".
  for (const [word] of typed.matchAll(/[a-z]+:"[^"]*"|\S+/gi)) {
    const parts = /^([a-z]+):"?([^"]+)"?$/i.exec(word);
    const name = WORDS[parts?.[1]?.toLowerCase() ?? ''];
    const value = name && usableValue(name, parts?.[2] ?? '');
    if (name && value !== undefined) filters[name] = value;
    else rest.push(word);
  }
  const text = rest.join(' ').slice(0, LONGEST_TEXT);
  return looksLikeAddress(text) ? { filters: { ...filters, network: text }, text: '' } : { filters, text };
}

function countryOf(text: string): string | undefined {
  const code = canonical(text.toUpperCase());
  if (code !== undefined && isCountry(code)) return code;
  const wanted = text.toLocaleLowerCase();
  if (wanted.length < 3) return undefined;
  return allCountries().find(({ name }) => name.toLocaleLowerCase().startsWith(wanted))?.code;
}

/** Codes with a name that are no countries: unions, oceans, test locales. */
const NO_STATES: ReadonlySet<string> = new Set(['EZ', 'QO', 'UN', 'XA', 'XB']);

/** Every country with its name in the reader's language, by name. */
export function allCountries(): readonly { readonly code: string; readonly name: string }[] {
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .filter((code) => isCountry(code) && canonical(code) === code && !NO_STATES.has(code))
    .map((code) => ({ code, name: countryName(code) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Today's code for one that is no longer used, as `DD`, or used in error, as `UK`. */
function canonical(code: string): string | undefined {
  return /^[A-Z]{2}$/.test(code) ? new Intl.Locale(`und-${code}`).region : undefined;
}
