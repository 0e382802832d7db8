import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: 'account',
    title: () => $localize`Account`,
    loadComponent: async () => (await import('./account-panel')).AccountPanel,
  },
  {
    path: 'administrators',
    title: () => $localize`Administrators`,
    loadComponent: async () => (await import('./administrators-panel')).AdministratorsPanel,
  },
];
export default routes;
