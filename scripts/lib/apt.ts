import { existsSync } from 'node:fs';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { run, ScriptProblem } from './programs.ts';

const listsDir = '/var/lib/apt/lists';
const policy = '/usr/sbin/policy-rc.d';
const keptPolicy = `${policy}.kept-by-bangui`;
const unattended = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };

/** Whether packages may be installed by this process. */
export function isRoot(): boolean {
  return process.getuid?.() === 0;
}

/** Downloads the package lists if there are none; only root can. */
export async function ensureLists(): Promise<void> {
  const names = existsSync(listsDir) ? await readdir(listsDir) : [];
  if (names.some((name) => name.includes('_Packages'))) return;
  if (isRoot()) await update();
}

/** Downloads the package lists anew. */
export async function update(): Promise<void> {
  await run('apt-get', ['update', '-q'], { env: unattended });
}

/** Whether the package can be installed, as far as the package lists tell. */
export async function offers(name: string): Promise<boolean> {
  await ensureLists();
  const policy = await run('apt-cache', ['policy', name]).catch(() => '');
  return /^ {2}Candidate: \d/m.test(policy);
}

/** Puts the .deb files of `packages` into `dir`. Needs no root when the package lists are there. */
export async function download(packages: readonly string[], dir: string): Promise<void> {
  await ensureLists();
  const fetch = () => run('apt-get', ['download', '-q', ...packages], { cwd: dir, env: unattended });
  try {
    await fetch();
  } catch (error) {
    // Old lists name files the archive no longer has.
    if (!(error instanceof ScriptProblem) || !isRoot()) throw error;
    await update();
    await fetch();
  }
}

/** Installs packages as root without recommended ones and without starting any service they bring. */
export async function install(packages: readonly string[]): Promise<void> {
  await ensureLists();
  const work = () =>
    run('apt-get', ['install', '-y', '-q', '--no-install-recommends', ...packages], { env: unattended });
  await withServicesDenied(async () => {
    try {
      await work();
    } catch (error) {
      if (!(error instanceof ScriptProblem)) throw error;
      await update();
      await work();
    }
  });
}

/** While `work` runs, Debian's maintainer scripts start no service. What the machine had decided about that is put back afterwards. */
async function withServicesDenied(work: () => Promise<unknown>): Promise<void> {
  // A run that was killed may have left the machine's own policy aside.
  if (existsSync(policy) && !existsSync(keptPolicy)) await rename(policy, keptPolicy);
  await writeFile(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const restore = async () => {
    await rm(policy, { force: true });
    if (existsSync(keptPolicy)) await rename(keptPolicy, policy);
  };
  // Ctrl-C reaches apt as well; its failure leads to `restore` below as long as this process outlives it.
  const outlive = () => undefined;
  process.on('SIGINT', outlive).on('SIGTERM', outlive);
  try {
    await work();
  } finally {
    await restore();
    process.off('SIGINT', outlive).off('SIGTERM', outlive);
  }
}
