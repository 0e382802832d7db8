import { type Routes } from '@angular/router';

const routes: Routes = [
  { path: '', title: () => $localize`Audit`, loadComponent: async () => (await import('./audit-panel')).AuditPanel },
];
export default routes;
