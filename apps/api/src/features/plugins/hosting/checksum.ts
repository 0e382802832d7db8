import { createHash } from 'node:crypto';
import { type Dirent } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** Files that a package may have, and their size in all, in bytes. */
const MAX_FILES = 2_000;
const MAX_BYTES = 32 * 1024 * 1024;

/** A folder is no package that can be summed up. */
export class NoChecksum extends Error {}

/**
 * SHA-512 over the paths and contents of all files of a package, as `sha512-…`. Any change of any file changes it.
 * @throws NoChecksum when there is too much, or anything but files and folders
 */
export async function checksumOf(directory: string): Promise<string> {
  const files = await filesBelow(directory);
  const sum = createHash('sha512');
  let bytes = 0;
  for (const file of files.sort()) {
    const path = join(directory, file);
    bytes += (await stat(path)).size;
    if (bytes > MAX_BYTES) throw new NoChecksum(`The package is larger than ${MAX_BYTES} bytes.`);
    const content = createHash('sha512')
      .update(await readFile(path))
      .digest('hex');
    // A path may hold anything but NUL, so no two packages give the same text.
    sum.update(`${content} ${file}\0`);
  }
  return `sha512-${sum.digest('base64')}`;
}

/** Paths relative to the folder. */
async function filesBelow(directory: string): Promise<string[]> {
  const files: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    const entries: Dirent[] = await readdir(join(directory, folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) folders.push(path);
      else if (entry.isFile()) files.push(path);
      else throw new NoChecksum(`The package holds ${path}, which is neither a file nor a folder.`);
    }
    if (files.length + folders.length > MAX_FILES)
      throw new NoChecksum(`The package has more than ${MAX_FILES} files.`);
  }
  return files;
}
