import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Allowlist`,
    loadComponent: async () => (await import('./allowlist-page')).AllowlistPage,
  },
];
export default routes;
