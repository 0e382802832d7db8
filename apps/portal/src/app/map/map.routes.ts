import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Map`,
    loadComponent: async () => (await import('./map-page')).MapPage,
  },
];
export default routes;
