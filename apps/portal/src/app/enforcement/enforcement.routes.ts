import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Enforcement`,
    loadComponent: async () => (await import('./enforcement-page')).EnforcementPage,
  },
];
export default routes;
