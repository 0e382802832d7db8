import { type Routes } from '@angular/router';
import { UnavailablePage } from './shell/unavailable-page';
import { signedInOnly } from './shell/session-guard';

/** The pages. Each is fetched when it is first opened. */
export const routes: Routes = [
  {
    path: 'sign-in',
    title: () => $localize`Sign in`,
    loadComponent: async () => (await import('./auth/sign-in-page')).SignInPage,
  },
  {
    path: 'setup',
    title: () => $localize`Set up`,
    loadComponent: async () => (await import('./setup/setup-page')).SetupPage,
  },
  {
    path: 'unavailable',
    title: () => $localize`Not reachable`,
    // Not fetched when needed: that is when nothing can be fetched.
    component: UnavailablePage,
  },
  {
    path: '',
    canActivate: [signedInOnly],
    loadComponent: async () => (await import('./shell/shell')).Shell,
    children: [
      {
        path: '',
        pathMatch: 'full',
        title: () => $localize`Overview`,
        loadComponent: async () => (await import('./overview/overview-page')).OverviewPage,
      },
      { path: 'bans', loadChildren: () => import('./bans/bans.routes') },
      { path: 'history', loadChildren: () => import('./history/history.routes') },
      { path: 'map', loadChildren: () => import('./map/map.routes') },
      { path: 'address', loadChildren: () => import('./address/address.routes') },
      { path: 'allowlist', loadChildren: () => import('./allowlist/allowlist.routes') },
      { path: 'blocklists', loadChildren: () => import('./blocklists/blocklists.routes') },
      { path: 'enforcement', loadChildren: () => import('./enforcement/enforcement.routes') },
      { path: 'jails', loadChildren: () => import('./jails/jails.routes') },
      { path: 'configuration', loadChildren: () => import('./configuration/configuration.routes') },
      { path: 'regex-lab', loadChildren: () => import('./regex-lab/regex-lab.routes') },
      { path: 'logs', loadChildren: () => import('./logs/logs.routes') },
      { path: 'server', loadChildren: () => import('./server/server.routes') },
      { path: 'tasks', loadChildren: () => import('./tasks/tasks.routes') },
      {
        path: 'administration',
        loadComponent: async () => (await import('./shell/administration-page')).AdministrationPage,
        children: [
          { path: '', pathMatch: 'full', redirectTo: 'account' },
          { path: 'tokens', loadChildren: () => import('./tokens/tokens.routes') },
          { path: 'audit', loadChildren: () => import('./audit/audit.routes') },
          { path: '', loadChildren: () => import('./auth/auth.routes') },
        ],
      },
      {
        path: '**',
        title: () => $localize`Not found`,
        loadComponent: async () => (await import('./shell/not-found-page')).NotFoundPage,
      },
    ],
  },
];
