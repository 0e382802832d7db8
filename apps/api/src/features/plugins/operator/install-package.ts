import { execFile } from 'node:child_process';
import { stat, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { promisify } from 'node:util';
import { packageFolders } from '../find-foreign.ts';
import { OperatorError } from './operator-error.ts';

const run = promisify(execFile);

/** How npm is started; another way in tests. */
export interface NpmProgram {
  readonly program: string;
  readonly env: NodeJS.ProcessEnv;
}

/** A package with its exact version: what is installed must not depend on the day. */
const exactPackage = /^(?:@[a-z0-9][a-z0-9._-]*\/)?[a-z0-9][a-z0-9._-]*@\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/;
const archive = /\.(?:tgz|tar\.gz)$/;
const installMs = 120_000;
const maxOutputBytes = 1024 * 1024;

/** What a source may name as a dependency although BanGUI gives it its own copy. */
const givenByUs = new Set(['@bangui/plugin-sdk', 'zod']);

/**
 * Has npm put a package into an empty folder, without running anything of it.
 * @throws OperatorError when npm cannot, or the package needs other ones
 */
export async function installPackage(what: string, folder: string, npm: NpmProgram = usualNpm()): Promise<void> {
  const wanted = exactPackage.test(what) ? what : await archivePath(what);
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true }));
  const args = [
    'install',
    '--ignore-scripts',
    // The SDK is a peer, which BanGUI has already.
    '--legacy-peer-deps',
    '--omit=dev',
    '--no-save',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--',
    wanted,
  ];
  try {
    await run(npm.program, args, { cwd: folder, env: npm.env, timeout: installMs, maxBuffer: maxOutputBytes });
  } catch (error) {
    throw new OperatorError(`npm cannot install ${what}: ${complaintOf(error)}`, { cause: error });
  }
  const modules = join(folder, 'node_modules');
  const packages = (await packageFolders(modules)).map((path) => relative(modules, path));
  const needed = packages.filter((name) => !givenByUs.has(name));
  // One of them is the package itself.
  if (needed.length > 1) {
    throw new OperatorError(
      `It brings other packages (${needed.join(', ')}): a source gets all it needs from @bangui/plugin-sdk.`,
    );
  }
}

async function archivePath(what: string): Promise<string> {
  const path = resolve(what);
  const isThere =
    archive.test(path) &&
    (await stat(path).then(
      (found) => found.isFile(),
      () => false,
    ));
  if (!isThere)
    throw new OperatorError(`${what} is neither name@1.2.3 with an exact version nor an archive (.tgz) that is there.`);
  return path;
}

/** npm as the operator has it, but our own settings, secrets among them, are none of its business. */
function usualNpm(): NpmProgram {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('BANGUI_')));
  return { program: 'npm', env };
}

function complaintOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  if ('code' in error && error.code === 'ENOENT') return 'npm is not installed here.';
  const output = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr : error.message;
  const lines = output
    .split('\n')
    .filter((line) => /npm (?:error|ERR!)/.test(line) && !/complete log|debug/.test(line));
  return (lines.length > 0 ? lines : [error.message]).slice(0, 5).join(' ').slice(0, 500);
}
