import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Logs`,
    loadComponent: async () => (await import('./logs-page')).LogsPage,
  },
];
export default routes;
