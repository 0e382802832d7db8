import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Server`,
    loadComponent: async () => (await import('./server-page')).ServerPage,
  },
];
export default routes;
