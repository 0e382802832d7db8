import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`API tokens`,
    loadComponent: async () => (await import('./tokens-panel')).TokensPanel,
  },
];
export default routes;
