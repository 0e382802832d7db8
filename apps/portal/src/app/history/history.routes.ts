import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`History`,
    loadComponent: async () => (await import('./history-page')).HistoryPage,
  },
];
export default routes;
