import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Bans`,
    loadComponent: async () => (await import('./bans-page')).BansPage,
  },
];
export default routes;
