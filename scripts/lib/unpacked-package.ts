import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { download } from './apt.ts';
import { varDir } from './paths.ts';
import { run, ScriptProblem } from './programs.ts';

/**
 * Folder with the files of a Debian package, unpacked below `var/tools` and not installed: nothing of it is started or
 * set up. Downloaded when it is not there yet; needs the package lists of apt.
 */
export async function unpackedPackage(name: string): Promise<string> {
  const tools = join(varDir, 'tools');
  const place = join(tools, name);
  if (existsSync(place)) return place;
  await mkdir(tools, { recursive: true });
  // In a folder of its own first, so that a run that is stopped half-way leaves nothing that looks finished.
  const work = await mkdtemp(join(tools, `unpack-${name}-`));
  try {
    await download([name], work);
    const file = (await readdir(work)).find((each) => each.endsWith('.deb'));
    if (file === undefined) throw new ScriptProblem(`apt has no package ${name}.`);
    await run('dpkg', ['-x', join(work, file), join(work, 'root')]);
    await rename(join(work, 'root'), place);
  } finally {
    await rm(work, { recursive: true, force: true });
  }
  return place;
}
