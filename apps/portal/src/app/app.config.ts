import { provideHttpClient, withInterceptors } from '@angular/common/http';
import { type ApplicationConfig, LOCALE_ID, provideBrowserGlobalErrorListeners } from '@angular/core';
import { MAT_RIPPLE_GLOBAL_OPTIONS } from '@angular/material/core';
import {
  provideRouter,
  TitleStrategy,
  withComponentInputBinding,
  withInMemoryScrolling,
  withNavigationErrorHandler,
} from '@angular/router';
import { requestHeader } from './api/request-header';
import { routes } from './app.routes';
import { openUnavailable } from './shell/navigation-failure';
import { sessionEndedInterceptor } from './shell/session-guard';
import { PageTitle } from './shell/page-title';
import { language } from './ui/locale';

/** Everything the application is made of. */
export const appConfig: ApplicationConfig = {
  providers: [
    provideBrowserGlobalErrorListeners(),
    provideRouter(
      routes,
      withComponentInputBinding(),
      withInMemoryScrolling({ scrollPositionRestoration: 'enabled' }),
      withNavigationErrorHandler(openUnavailable),
    ),
    provideHttpClient(withInterceptors([requestHeader, sessionEndedInterceptor])),
    { provide: LOCALE_ID, useValue: language },
    { provide: TitleStrategy, useExisting: PageTitle },
    { provide: MAT_RIPPLE_GLOBAL_OPTIONS, useValue: { disabled: true } },
  ],
};
