import { readFileSync } from 'node:fs';

/** apps/api/{src,dist}/core -> apps/api/package.json */
const manifest: unknown = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));

/** The version of BanGUI that is running. */
export const version =
  typeof manifest === 'object' && manifest !== null && 'version' in manifest ? String(manifest.version) : 'unknown';
