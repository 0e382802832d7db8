import { type Routes } from '@angular/router';
import { taskTitle } from './task-words';

const routes: Routes = [
  {
    path: '',
    title: () => $localize`Tasks`,
    loadComponent: async () => (await import('./tasks-page')).TasksPage,
  },
  {
    path: ':id',
    title: (route) => taskTitle({ id: route.paramMap.get('id') ?? '' }),
    loadComponent: async () => (await import('./task-page')).TaskPage,
  },
];
export default routes;
