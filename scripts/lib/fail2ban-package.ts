import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { download, install, isRoot } from './apt.ts';
import { varDir } from './paths.ts';
import { isProgram, run, ScriptProblem } from './programs.ts';

/** fail2ban's programs, ready to run without being installed. */
export interface Fail2banTool {
  readonly server: string;
  readonly client: string;
  readonly regex: string;
  /** An interpreter that can import fail2ban. */
  readonly python: string;
  /** Debian's own configuration: the machine's, or that of the unpacked package. Read only. */
  readonly configDir: string;
}

const python = '/usr/bin/python3';
const installedServer = '/usr/bin/fail2ban-server';
const programs = ['fail2ban-server', 'fail2ban-client', 'fail2ban-regex'];
const modules = 'import fail2ban.server.server, fail2ban.server.asyncserver, fail2ban.client.fail2banserver';

/**
 * Makes `<dir>/bin/{fail2ban-server,fail2ban-client,fail2ban-regex,python3}`: the machine's fail2ban if it has one, else
 * Debian's package unpacked below `<dir>/root`. It is never installed: that would arm the machine's firewall.
 * Does nothing when it is all there.
 */
export async function prepareFail2ban(dir = join(varDir, 'tools/fail2ban')): Promise<Fail2banTool> {
  const kind = isProgram(installedServer) ? 'installed' : 'unpacked';
  const stamp = join(dir, 'ready');
  const isReady = existsSync(stamp) && (await readFile(stamp, 'utf8')) === kind && isProgram(python);
  if (!isReady) {
    await ensurePython();
    await mkdir(join(dir, 'bin'), { recursive: true });
    if (kind === 'unpacked') await unpack(dir);
    await writeWrappers(dir, kind);
    await writeFile(stamp, kind);
  }
  const bin = (name: string) => join(dir, 'bin', name);
  return {
    server: bin('fail2ban-server'),
    client: bin('fail2ban-client'),
    regex: bin('fail2ban-regex'),
    python: bin('python3'),
    configDir: kind === 'installed' ? '/etc/fail2ban' : join(dir, 'root/etc/fail2ban'),
  };
}

async function ensurePython(): Promise<void> {
  if (isProgram(python)) return;
  if (!isRoot()) throw new ScriptProblem('fail2ban needs Python. Install it with: sudo apt-get install python3');
  await install(['python3']);
}

/** Downloads and unpacks Debian's package and, where the machine lacks them, the Python packages it depends on. */
async function unpack(dir: string): Promise<void> {
  // In a folder of its own first, so that a run that is stopped half-way leaves nothing that looks finished.
  const work = await mkdtemp(join(dir, 'unpack-'));
  const root = join(work, 'root');
  try {
    await fetchAndUnpack(['fail2ban'], work, root);
    const seen = new Set(['fail2ban']);
    let depends = await pythonDepends(work, seen);
    while (!(await canImport(root))) {
      if (depends.length === 0)
        throw new ScriptProblem(`Debian's fail2ban does not run with ${python} of this machine.`);
      await fetchAndUnpack(depends, work, root);
      depends = await pythonDepends(work, seen);
    }
    const target = join(dir, 'root');
    await rm(target, { recursive: true, force: true });
    await rename(root, target).catch((error: unknown) => {
      // Somebody else who unpacks at the same time was first; theirs is as good.
      if (!existsSync(join(target, 'usr/bin/fail2ban-server'))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

async function fetchAndUnpack(packages: readonly string[], work: string, root: string): Promise<void> {
  try {
    await download(packages, work);
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause);
    throw new ScriptProblem(
      `BanGUI needs fail2ban. Install it with: sudo apt-get install fail2ban\n` +
        `(Or let this download Debian's package without installing it: run "sudo apt-get update" once and start again.)\n${reason}`,
      { cause },
    );
  }
  for (const file of await debs(work)) await run('dpkg', ['-x', file, root]);
}

/** Names of the Python packages that the unpacked ones depend on and that were not fetched yet. */
async function pythonDepends(work: string, seen: Set<string>): Promise<string[]> {
  const names: string[] = [];
  for (const file of await debs(work)) {
    const depends = await run('dpkg-deb', ['-f', file, 'Depends']);
    for (const entry of depends.split(',')) {
      const name = /^\s*(python3-[a-z0-9.+-]+)/.exec(entry)?.[1];
      if (name === undefined || seen.has(name)) continue;
      seen.add(name);
      names.push(name);
    }
  }
  return names;
}

async function debs(dir: string): Promise<string[]> {
  return (await readdir(dir)).filter((name) => name.endsWith('.deb')).map((name) => join(dir, name));
}

async function canImport(root: string): Promise<boolean> {
  const env = { PATH: '/usr/bin:/bin', PYTHONPATH: join(root, 'usr/lib/python3/dist-packages') };
  try {
    await run(python, ['-c', modules], { cwd: '/', env });
    return true;
  } catch (error) {
    if (error instanceof ScriptProblem) return false;
    throw error;
  }
}

async function writeWrappers(dir: string, kind: 'installed' | 'unpacked'): Promise<void> {
  // The place is found from the wrapper's own, so that a checkout can be moved.
  const root = '"${0%/*}/../root';
  const via = kind === 'installed' ? python : `env PYTHONPATH=${root}/usr/lib/python3/dist-packages" ${python}`;
  const wrappers = new Map([['python3', via]]);
  for (const name of programs) {
    wrappers.set(name, kind === 'installed' ? `/usr/bin/${name}` : `${via} ${root}/usr/bin/${name}"`);
  }
  for (const [name, command] of wrappers) {
    const path = join(dir, 'bin', name);
    await writeFile(path, `#!/bin/sh\nexec ${command} "$@"\n`);
    await chmod(path, 0o755);
  }
}
