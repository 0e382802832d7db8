import { inject } from '@angular/core';
import { type NavigationError, RedirectCommand, Router } from '@angular/router';

/** A part of the portal could not be fetched: BanGUI is away, or was updated since the page was opened. */
export function openUnavailable(error: NavigationError): RedirectCommand {
  const tree = inject(Router).createUrlTree(['/unavailable'], { queryParams: { returnTo: error.url } });
  return new RedirectCommand(tree, { skipLocationChange: true });
}
