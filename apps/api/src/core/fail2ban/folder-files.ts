import { createHash } from 'node:crypto';
import { readdir, readFile, realpath, stat } from 'node:fs/promises';
import { join } from 'node:path';

/** More files than any sane configuration has. */
const maxFiles = 20_000;
/** Folders within folders. */
const maxDepth = 4;
/** Files read at once. */
const atOnce = 16;

/** What is in a configuration folder. Paths are relative to it. */
export interface FolderFiles {
  readonly files: readonly string[];
  /** Each after the one that it is in. */
  readonly folders: readonly string[];
}

/**
 * Everything in a folder that can be read as configuration: files, also behind links. Pipes and the like are left out.
 * @throws the file system's error, and an error for more than 20,000 files
 */
export async function filesIn(directory: string): Promise<FolderFiles> {
  const root = await realpath(directory);
  const found = { files: [] as string[], folders: [] as string[] };
  const look = async (below: string, depth: number): Promise<void> => {
    for (const entry of await readdir(join(root, below), { withFileTypes: true })) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`;
      const facts = entry.isSymbolicLink() ? await stat(join(root, path)).catch(() => undefined) : entry;
      if (facts?.isFile()) {
        if (found.files.push(path) > maxFiles) {
          throw new Error(`The configuration folder has more than ${maxFiles} files.`);
        }
      } else if (facts?.isDirectory() && depth < maxDepth) {
        found.folders.push(path);
        await look(path, depth + 1);
      }
    }
  };
  await look('', 0);
  return found;
}

/**
 * The same for two folders exactly when they have the same files with the same bytes, as far as {@link filesIn} goes.
 * @throws the file system's error
 */
export async function folderDigest(directory: string): Promise<string> {
  const files = [...(await filesIn(directory)).files].sort();
  const hash = createHash('sha256');
  for (let at = 0; at < files.length; at += atOnce) {
    const some = files.slice(at, at + atOnce);
    const texts = await Promise.all(some.map((path) => readFile(join(directory, path))));
    for (const [index, text] of texts.entries()) hash.update(`${some[index]}\0${text.length}\0`).update(text);
  }
  return hash.digest('hex');
}
