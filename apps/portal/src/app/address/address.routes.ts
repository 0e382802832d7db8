import { type ActivatedRouteSnapshot, type Routes } from '@angular/router';

/** The address of the page: `…/203.0.113.4`, or `…/203.0.113.0/24` for a network. */
const named = (route: ActivatedRouteSnapshot): string => {
  const address = route.paramMap.get('first') ?? '';
  const prefix = route.paramMap.get('prefix');
  return prefix === null ? address : `${address}/${prefix}`;
};

const page = {
  title: named,
  resolve: { address: named },
  loadComponent: async () => (await import('./address-page')).AddressPage,
} as const;

const routes: Routes = [
  { path: ':first', ...page },
  { path: ':first/:prefix', ...page },
];
export default routes;
