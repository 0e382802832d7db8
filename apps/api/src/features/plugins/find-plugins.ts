import { type Dirent } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { basename, join, resolve } from 'node:path';
import { type Manifest, readManifest } from '@bangui/plugin-sdk/host';
import { reasonOf } from './hosting/plugin-fault.ts';

/** A package that says it is a source, before any of its code is loaded. */
export interface FoundPlugin {
  readonly trust: 'in-tree' | 'foreign';
  /** Absolute. */
  readonly directory: string;
  readonly packageName: string;
  readonly version: string | null;
  /** Absent when the manifest is wrong. */
  readonly manifest: Manifest | undefined;
  /** What is wrong with the manifest. */
  readonly problems: readonly string[];
  /** Absolute path of the module to load; empty without a manifest. */
  readonly entry: string;
}

/** Largest package.json that is read, in bytes. */
const maxManifestBytes = 256 * 1024;

/** apps/api/{src,dist}/features/plugins -> the plugins that come with BanGUI. */
export const inTreeFolder = resolve(import.meta.dirname, '../../../../../plugins');

/** The sources that come with BanGUI, by folder. */
export async function findInTree(folder: string): Promise<FoundPlugin[]> {
  const found = await Promise.all((await foldersIn(folder)).map((path) => readPackage(path, 'in-tree')));
  return found.filter((plugin) => plugin !== undefined);
}

/** Folders below a folder, by name; none when it is missing. */
export async function foldersIn(folder: string): Promise<string[]> {
  let entries: Dirent[];
  try {
    entries = await readdir(folder, { withFileTypes: true });
  } catch (error) {
    // A folder that nobody made holds no plugins.
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
  return entries
    .filter((entry) => entry.isDirectory() && !entry.name.startsWith('.'))
    .map(({ name }) => join(folder, name))
    .sort();
}

/** What a folder's package.json says; undefined when there is none, or none that is about a source. */
export async function readPackage(directory: string, trust: FoundPlugin['trust']): Promise<FoundPlugin | undefined> {
  const named = { trust, directory, packageName: basename(directory), version: null, manifest: undefined, entry: '' };
  let packageJson: unknown;
  try {
    const text = await readBounded(join(directory, 'package.json'));
    if (text === undefined) return { ...named, problems: [`package.json is larger than ${maxManifestBytes} bytes`] };
    packageJson = JSON.parse(text);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    return { ...named, problems: [`package.json cannot be read: ${reasonOf(error)}`] };
  }
  if (typeof packageJson !== 'object' || packageJson === null || !('bangui' in packageJson)) return undefined;
  const { manifest, problems } = readManifest(packageJson);
  if (!manifest) return { ...named, problems };
  const { packageName, version } = manifest;
  const entry = resolve(directory, sourceEntry(packageJson, trust) ?? manifest.entry);
  return { ...named, packageName, version, manifest, problems: [], entry };
}

/** While we run from our sources, so do the plugins that come with us. */
function sourceEntry(packageJson: object, trust: FoundPlugin['trust']): string | undefined {
  if (trust !== 'in-tree' || !import.meta.url.endsWith('.ts')) return undefined;
  const { exports } = packageJson as { readonly exports?: Record<string, Record<string, string> | undefined> };
  return exports?.['.']?.['bangui-src'];
}

async function readBounded(path: string): Promise<string | undefined> {
  const file = await open(path);
  try {
    const buffer = Buffer.alloc(maxManifestBytes + 1);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, 0);
    return bytesRead > maxManifestBytes ? undefined : buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}
