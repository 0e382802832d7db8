import { type HttpInterceptorFn } from '@angular/common/http';
import { inject } from '@angular/core';
import { type CanActivateFn, RedirectCommand, Router } from '@angular/router';
import { catchError, throwError } from 'rxjs';
import { problemOf } from '../api/problem';
import { Api } from '../api/generated/api';
import { setupState } from '../api/generated/fn/setup/setup-state';
import { SessionState } from '../api/session-state';

/** Lets signed-in people through; sends the others to the set-up or to sign-in, and back here afterwards. */
export const signedInOnly: CanActivateFn = async (_route, state) => {
  const router = inject(Router);
  const api = inject(Api);
  const session = inject(SessionState);
  const returnTo = state.url === '/' ? {} : { returnTo: state.url };
  // No answer at all is no reason to ask for a password.
  try {
    if (await session.load()) return true;
    const setup = await api.invoke(setupState);
    return setup.needed
      ? router.createUrlTree(['/setup'])
      : router.createUrlTree(['/sign-in'], { queryParams: returnTo });
  } catch {
    return new RedirectCommand(router.createUrlTree(['/unavailable'], { queryParams: returnTo }), {
      skipLocationChange: true,
    });
  }
};

/** Notices in any answer that the session has ended, and asks to sign in again; the page is opened again afterwards. */
export const sessionEndedInterceptor: HttpInterceptorFn = (request, next) => {
  const session = inject(SessionState);
  const router = inject(Router);
  return next(request).pipe(
    catchError((error: unknown) => {
      if (session.isSignedIn() && problemOf(error).code === 'not-signed-in') askToSignIn(session, router);
      return throwError(() => error);
    }),
  );
};

/** Ends what is known of the session and opens sign-in, to return to the present page afterwards. */
export function askToSignIn(session: SessionState, router: Router): void {
  session.ended();
  void router.navigate(['/sign-in'], {
    queryParams: { returnTo: router.url === '/' ? undefined : router.url, ended: 1 },
  });
}
