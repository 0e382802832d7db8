import { type ActivatedRouteSnapshot, type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Jails`,
    loadComponent: async () => (await import('./jails-page')).JailsPage,
  },
  {
    path: ':name',
    title: (route: ActivatedRouteSnapshot) => route.paramMap.get('name') ?? '',
    loadComponent: async () => (await import('./jail-page')).JailPage,
  },
];
export default routes;
