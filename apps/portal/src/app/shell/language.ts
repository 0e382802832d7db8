import { type Language, rememberLanguage } from '../ui/locale';

/** Switches the language; the page loads again in it, at the same address. */
export function changeLanguage(next: Language): void {
  rememberLanguage(next);
  location.reload();
}
