import { readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Network } from '@bangui/ip';
import { MmdbPlaces } from './mmdb/mmdb-places.ts';
import { PlaceDataBad } from './place-data-bad.ts';

/** Most files of a folder that are looked at. */
const mostFiles = 32;
/** Addresses of each IP version that are looked up before a file is used. */
const probes = 256;

/** Country and region. */
const tellsPlaces = /city|country|enterprise|location/i;
/** The network and its owner. */
const tellsNetworks = /asn|isp|enterprise/i;

/** A database that was opened. */
export interface OpenDatabase {
  readonly path: string;
  readonly file: MmdbPlaces;
}

/** The databases in use: at most one for each of both questions, and it may be the same. */
export interface MaxmindFiles {
  readonly places: OpenDatabase | null;
  readonly networks: OpenDatabase | null;
}

/** One file as it lay there. */
interface Found {
  readonly path: string;
  /** Changes whenever the file does. */
  readonly stamp: string;
}

/**
 * The `.mmdb` files at a path, which is one of them or a folder of them, by name.
 * @throws the system's error when there is nothing to be read
 */
export async function findFiles(path: string): Promise<readonly Found[]> {
  const about = await stat(path);
  const names = about.isDirectory()
    ? (await readdir(path))
        .filter((name) => name.toLowerCase().endsWith('.mmdb'))
        .sort()
        .slice(0, mostFiles)
        .map((name) => join(path, name))
    : [path];
  const found = await Promise.all(
    names.map(async (name) => {
      const { ino, size, mtimeMs, isFile } = await factsOf(name);
      return isFile ? [{ path: name, stamp: `${name} ${ino} ${size} ${mtimeMs}` }] : [];
    }),
  );
  return found.flat();
}

/** Opening a pipe would wait for its writer, so what is no file is left alone. */
async function factsOf(path: string): Promise<{ ino: number; size: number; mtimeMs: number; isFile: boolean }> {
  const about = await stat(path);
  return { ino: about.ino, size: about.size, mtimeMs: about.mtimeMs, isFile: about.isFile() };
}

/**
 * Opens what the files offer. A City database is preferred to a Country one, because it tells regions as well.
 * @throws {PlaceDataBad} naming the file, when one is bad or none is of use; nothing stays open then
 */
export async function openFiles(found: readonly Found[]): Promise<MaxmindFiles> {
  const open: OpenDatabase[] = [];
  try {
    for (const { path } of found) open.push({ path, file: await tried(path) });
    const places = open
      .filter(({ file }) => tellsPlaces.test(file.about.type))
      .sort((one, other) => Number(isCity(other)) - Number(isCity(one)))[0];
    const networks = open.find(({ file }) => tellsNetworks.test(file.about.type));
    if (places === undefined && networks === undefined) {
      const types = open.map(({ file }) => file.about.type).join(', ');
      throw new PlaceDataBad(
        types === '' ? 'There is no .mmdb file.' : `No City, Country or ASN database is there, only: ${types}.`,
      );
    }
    for (const each of open) if (each !== places && each !== networks) each.file.close();
    return { places: places ?? null, networks: networks ?? null };
  } catch (error) {
    for (const { file } of open) file.close();
    throw error;
  }
}

/** Gives the files back to the system. */
export function closeFiles({ places, networks }: MaxmindFiles): void {
  for (const file of new Set([places?.file, networks?.file])) file?.close();
}

function isCity({ file }: OpenDatabase): boolean {
  return /city|enterprise/i.test(file.about.type);
}

async function tried(path: string): Promise<MmdbPlaces> {
  let file: MmdbPlaces | undefined;
  try {
    file = MmdbPlaces.open(path);
    await probe(file);
    return file;
  } catch (error) {
    file?.close();
    const why = error instanceof Error ? error.message : String(error);
    throw new PlaceDataBad(`${path}: ${why}`, { cause: error });
  }
}

/** Looks up addresses all over the space, so that a damaged file is noticed before it is used. Others get their turn. */
async function probe(file: MmdbPlaces): Promise<void> {
  for (let part = 0; part < probes; part += 1) {
    if (part % 16 === 0) await nextTurn();
    const four = Network.of(4, (BigInt(part) * 2n ** 32n) / BigInt(probes), 32);
    // All of global IPv6 begins with the bits 001.
    const six = Network.of(6, 2n ** 125n + (BigInt(part) * 2n ** 125n) / BigInt(probes), 128);
    for (const network of [four, six]) if (network !== undefined) file.find(network);
  }
}
