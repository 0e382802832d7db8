import { type ActivatedRouteSnapshot, type Routes } from '@angular/router';
import { keepsUnsaved } from './unsaved-guard';

const routes: Routes = [
  {
    path: '',
    loadComponent: async () => (await import('./configuration-page')).ConfigurationPage,
    children: [
      { path: '', pathMatch: 'full', redirectTo: 'jails' },
      {
        path: 'jails',
        title: () => $localize`Configured jails`,
        loadComponent: async () => (await import('./configured-jails-page')).ConfiguredJailsPage,
      },
      {
        path: 'jails/:name',
        title: (route: ActivatedRouteSnapshot) => route.paramMap.get('name') ?? '',
        canDeactivate: [keepsUnsaved],
        loadComponent: async () => (await import('./configured-jail-page')).ConfiguredJailPage,
      },
      { path: 'filters', data: { kind: 'filters' }, loadChildren: () => import('./definitions.routes') },
      { path: 'actions', data: { kind: 'actions' }, loadChildren: () => import('./definitions.routes') },
      {
        path: 'versions',
        title: () => $localize`Versions`,
        loadComponent: async () => (await import('./versions-page')).VersionsPage,
      },
      {
        path: 'versions/:number',
        title: (route: ActivatedRouteSnapshot) => $localize`Version ${route.paramMap.get('number') ?? ''}:number:`,
        loadComponent: async () => (await import('./version-page')).VersionPage,
      },
    ],
  },
];
export default routes;
