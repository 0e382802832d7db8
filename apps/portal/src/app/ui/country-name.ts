import { locale } from './locale';

/** A country's code in ISO 3166-1 alpha-2, or `XK`. */
const CODE = /^[A-Z]{2}$/;
/** Codes that data uses for "somewhere in this region" or "nobody knows", and that name no country. */
const NO_COUNTRY = new Set(['AP', 'EU', 'ZZ', 'XX', 'T1', 'A1', 'A2', 'O1']);

const names = new Intl.DisplayNames(locale, { type: 'region', fallback: 'none' });

/** Whether this is the code of a country. */
export function isCountry(code: string | null): code is string {
  return code !== null && CODE.test(code) && !NO_COUNTRY.has(code) && names.of(code) !== undefined;
}

/** The name of a country in the reader's language; `Unknown` for everything that is not one. */
export function countryName(code: string | null): string {
  return (isCountry(code) ? names.of(code) : undefined) ?? $localize`Unknown`;
}
