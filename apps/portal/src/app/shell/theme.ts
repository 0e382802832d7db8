import { DestroyRef, inject, Service, signal } from '@angular/core';

/** What a person may choose. */
export type ThemeChoice = 'system' | 'light' | 'dark';

// The same key as in public/theme.js, which sets the theme before the first paint.
const STORAGE_KEY = 'bangui-theme';

/** Light or dark: the system's, unless the person chose. */
@Service()
export class Theme {
  private readonly chosen = signal<ThemeChoice>(remembered());
  private readonly system = matchMedia('(prefers-color-scheme: dark)');

  readonly choice = this.chosen.asReadonly();

  constructor() {
    const follow = (): void => this.paint();
    this.system.addEventListener('change', follow);
    inject(DestroyRef).onDestroy(() => this.system.removeEventListener('change', follow));
    this.paint();
  }

  choose(choice: ThemeChoice): void {
    this.chosen.set(choice);
    // A browser may forbid storage; the choice is then lost with the page.
    try {
      if (choice === 'system') localStorage.removeItem(STORAGE_KEY);
      else localStorage.setItem(STORAGE_KEY, choice);
    } catch {
      /* nothing to do */
    }
    this.paint();
  }

  /** The other of the two, as seen now. */
  flip(): void {
    this.choose(this.isDark() ? 'light' : 'dark');
  }

  private isDark(): boolean {
    return this.chosen() === 'dark' || (this.chosen() === 'system' && this.system.matches);
  }

  private paint(): void {
    document.documentElement.dataset['theme'] = this.isDark() ? 'dark' : 'light';
  }
}

function remembered(): ThemeChoice {
  try {
    const value = localStorage.getItem(STORAGE_KEY);
    return value === 'light' || value === 'dark' ? value : 'system';
  } catch {
    return 'system';
  }
}
