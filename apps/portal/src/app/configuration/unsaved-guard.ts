import { inject } from '@angular/core';
import { type CanDeactivateFn } from '@angular/router';
import { Confirm } from '../ui/confirm';

/** A page with something typed that would be lost. */
export interface HoldsUnsaved {
  hasUnsaved(): boolean;
}

/** Asks before a page with something typed is left. */
export const keepsUnsaved: CanDeactivateFn<HoldsUnsaved> = (page) => {
  if (!page.hasUnsaved()) return true;
  return inject(Confirm).ask({
    title: $localize`Leave without saving?`,
    text: $localize`What you changed on this page is not applied.`,
    action: $localize`Leave the page`,
  });
};
