import { type Routes } from '@angular/router';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Regex lab`,
    loadComponent: async () => (await import('./regex-lab-page')).RegexLabPage,
  },
];
export default routes;
