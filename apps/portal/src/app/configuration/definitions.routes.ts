import { type ActivatedRouteSnapshot, type Routes } from '@angular/router';
import { keepsUnsaved } from './unsaved-guard';

const nameOf = (route: ActivatedRouteSnapshot): string => route.paramMap.get('name') ?? '';
const editPage = async () => (await import('./definition-edit-page')).DefinitionEditPage;

/** For filters and for actions; which of them says the route above, in `kind`. No name has a slash, so `-/new` is none. */
const routes: Routes = [
  {
    path: '',
    title: (route: ActivatedRouteSnapshot) =>
      route.data['kind'] === 'filters' ? $localize`Filters` : $localize`Actions`,
    loadComponent: async () => (await import('./definitions-page')).DefinitionsPage,
  },
  {
    path: '-/new',
    data: { mode: 'new' },
    title: (route: ActivatedRouteSnapshot) =>
      route.data['kind'] === 'filters' ? $localize`New filter` : $localize`New action`,
    canDeactivate: [keepsUnsaved],
    loadComponent: editPage,
  },
  { path: ':name', title: nameOf, loadComponent: async () => (await import('./definition-page')).DefinitionPage },
  {
    path: ':name/change',
    data: { mode: 'change' },
    title: nameOf,
    canDeactivate: [keepsUnsaved],
    loadComponent: editPage,
  },
  {
    path: ':name/copy',
    data: { mode: 'copy' },
    title: nameOf,
    canDeactivate: [keepsUnsaved],
    loadComponent: editPage,
  },
];
export default routes;
