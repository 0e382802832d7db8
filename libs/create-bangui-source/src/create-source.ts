import { cp, mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What is asked of the author. */
export interface SourceNames {
  readonly id: string;
  readonly host: string;
  readonly scope: string | undefined;
}

/** Outcome: the folder that was made, or why none was. */
export type CreateResult =
  { readonly target: string; readonly problem?: undefined } | { readonly target?: undefined; readonly problem: string };

const template = join(import.meta.dirname, '../template');

/** Copies the template into a new folder `bangui-source-<id>` and fills in the names. */
export async function createSource({ id, host, scope }: SourceNames, folder: string): Promise<CreateResult> {
  const target = `bangui-source-${id}`;
  const dir = join(folder, target);
  await mkdir(dir, { recursive: true });
  if ((await readdir(dir)).length > 0) return { problem: `${target} is there already and not empty.` };
  await cp(template, dir, { recursive: true });
  // npm leaves files of this name out of packages.
  await rename(join(dir, 'gitignore'), join(dir, '.gitignore'));
  const values: Record<string, string> = {
    id,
    host,
    name: id.replaceAll('-', ' ').replace(/^./, (letter) => letter.toUpperCase()),
    package: scope === undefined ? target : `@${scope}/${target}`,
  };
  for (const entry of await readdir(dir, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const text = await readFile(path, 'utf8');
    await writeFile(
      path,
      text.replaceAll(/\{\{(\w+)\}\}/g, (mark, key: string) => values[key] ?? mark),
    );
  }
  return { target };
}
