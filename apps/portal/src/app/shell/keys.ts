import { inject, Service } from '@angular/core';
import { Router } from '@angular/router';
import { Dialogs } from './dialogs';

/** How long the second key of `g b` may take, milliseconds. */
const SECOND_KEY_MS = 1200;

const PAGES: Readonly<Record<string, string>> = {
  o: '/',
  b: '/bans',
  h: '/history',
  m: '/map',
  j: '/jails',
  i: '/blocklists',
  e: '/enforcement',
  l: '/allowlist',
  c: '/configuration',
  x: '/regex-lab',
  f: '/logs',
  s: '/server',
  t: '/tasks',
  a: '/administration',
};

/** The keys that work on every page. */
@Service()
export class Keys {
  private readonly dialogs = inject(Dialogs);
  private readonly router = inject(Router);
  private goPressedAt = Number.NEGATIVE_INFINITY;

  press(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && event.key.toLowerCase() === 'k') {
      event.preventDefault();
      void this.dialogs.openPalette();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target) || this.dialogs.isOpen()) return;
    if (event.key === '/') {
      const field = document.querySelector<HTMLElement>('[data-filter]');
      if (!field) return;
      event.preventDefault();
      field.focus();
    } else if (event.key === '?') {
      event.preventDefault();
      void this.dialogs.openKeys();
    } else if (event.key === 'g') {
      this.goPressedAt = event.timeStamp;
    } else {
      const page = PAGES[event.key];
      if (page !== undefined && event.timeStamp - this.goPressedAt < SECOND_KEY_MS)
        void this.router.navigateByUrl(page);
      this.goPressedAt = Number.NEGATIVE_INFINITY;
    }
  }
}

function isTyping(target: EventTarget | null): boolean {
  return (
    target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName))
  );
}
