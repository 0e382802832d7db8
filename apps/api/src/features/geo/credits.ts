/** Whom the licence of some data asks us to name, with the address to link to. */
export interface Credit {
  readonly label: string;
  readonly url: string;
}

/** Of the data that comes with BanGUI: see THIRD-PARTY-NOTICES.md. */
export const packageCredits: readonly Credit[] = [
  { label: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' },
  { label: 'RouteViews', url: 'https://www.routeviews.org' },
  { label: 'NRO', url: 'https://www.nro.net' },
  { label: 'ip-location-db', url: 'https://github.com/sapics/ip-location-db' },
];

/** Of a database that the administrator brought, by what it calls itself. */
export function creditsOf(databaseType: string): readonly Credit[] {
  if (databaseType.startsWith('GeoLite2')) {
    return [{ label: 'This product includes GeoLite data created by MaxMind', url: 'https://www.maxmind.com' }];
  }
  if (databaseType.startsWith('DBIP')) return [{ label: 'IP Geolocation by DB-IP', url: 'https://db-ip.com' }];
  return [];
}
