/** The languages of the portal. */
export type Language = 'en' | 'de';

const STORAGE_KEY = 'bangui-language';

/** The language of this page: what was chosen, else the browser's, else English. Settled once per page load. */
export const language: Language = chosen();

/** The locale for `Intl`: the browser's own flavour of the language where it has one, so that dates look familiar. */
export const locale: string = navigator.languages.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;

/** Remembers another language. It shows after a reload, because every sentence is translated once, at the start. */
export function rememberLanguage(next: Language): void {
  // A browser may forbid storage; the choice is then lost with the page.
  try {
    localStorage.setItem(STORAGE_KEY, next);
  } catch {
    /* nothing to do */
  }
}

function chosen(): Language {
  let remembered: string | null = null;
  try {
    remembered = localStorage.getItem(STORAGE_KEY);
  } catch {
    // Storage is forbidden: only the browser's languages count.
  }
  if (remembered === 'de' || remembered === 'en') return remembered;
  const first = navigator.languages[0] ?? 'en';
  return first.toLowerCase().startsWith('de') ? 'de' : 'en';
}
