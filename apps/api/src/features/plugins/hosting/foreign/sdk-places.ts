import { realpathSync } from 'node:fs';
import { findPackageJSON } from 'node:module';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type SdkPlaces } from './messages.ts';

/** Whether we run from our sources, as tests do. */
export const isSource = import.meta.url.endsWith('.ts');

/** Our copy of the SDK and of what it needs. */
export function sdkPlaces(): SdkPlaces {
  const sdk = folderOf('@bangui/plugin-sdk', import.meta.url);
  const zod = folderOf('zod', pathToFileURL(join(sdk, 'package.json')).href);
  const built = join(sdk, isSource ? 'src' : 'dist');
  const extension = isSource ? 'ts' : 'js';
  return {
    folder: folderUrl(built),
    main: pathToFileURL(join(built, `index.${extension}`)).href,
    hostPart: pathToFileURL(join(built, `host.${extension}`)).href,
    zodFolder: folderUrl(zod),
    zodMain: pathToFileURL(join(zod, 'index.js')).href,
  };
}

/** A folder's URL, with the slash that keeps its neighbours out of comparisons. */
export function folderUrl(folder: string): string {
  return `${pathToFileURL(folder).href}/`;
}

function folderOf(name: string, from: string): string {
  const path = findPackageJSON(name, from);
  if (path === undefined) throw new Error(`${name} is not installed.`);
  return dirname(realpathSync(path));
}
