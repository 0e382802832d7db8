import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Blocklists`,
    loadComponent: async () => (await import('./blocklists-page')).BlocklistsPage,
  },
  {
    path: 'runs',
    title: () => $localize`Imports`,
    loadComponent: async () => (await import('./import-runs-page')).ImportRunsPage,
  },
  {
    path: 'plugins',
    title: () => $localize`Sources of lists`,
    loadComponent: async () => (await import('./plugins-page')).PluginsPage,
  },
  {
    path: 'overlap',
    title: () => $localize`Overlap and feeds`,
    loadComponent: async () => (await import('./overlap-page')).OverlapPage,
  },
];
export default routes;
