import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { installPackage, type NpmProgram } from './install-package.ts';
import { OperatorError } from './operator-error.ts';

let root: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'bangui-install-'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true, force: true });
});

/** Stands for npm: writes down how it was started and makes these packages. */
async function npm(...packages: readonly string[]): Promise<NpmProgram> {
  const program = join(root, 'npm');
  const text = `#!${process.execPath}
const { mkdirSync, writeFileSync } = require('node:fs');
writeFileSync(${JSON.stringify(join(root, 'started'))}, process.argv.slice(2).join(' '));
for (const name of ${JSON.stringify(packages)}) mkdirSync('node_modules/' + name, { recursive: true });
`;
  await writeFile(program, text);
  await chmod(program, 0o700);
  return { program, env: {} };
}

it('has npm run nothing of a package, and fetch nothing beside it', async () => {
  await installPackage('@acme/bangui-source-x@1.2.3', root, await npm('@acme/bangui-source-x'));
  const started = await readFile(join(root, 'started'), 'utf8');
  expect(started).toMatch(
    /^install --ignore-scripts --legacy-peer-deps --omit=dev .* -- @acme\/bangui-source-x@1\.2\.3$/,
  );
});

it('lets a package name the SDK as a dependency, and no other one', async () => {
  await installPackage('x@1.0.0', root, await npm('x', '@bangui/plugin-sdk', 'zod', '.bin'));
  await expect(installPackage('x@1.0.0', root, await npm('x', '@acme/y'))).rejects.toThrow(
    new OperatorError('It brings other packages (@acme/y, x): a source gets all it needs from @bangui/plugin-sdk.'),
  );
});

it('says when there is no npm, and never hands it our own settings', async () => {
  vi.stubEnv('PATH', root);
  vi.stubEnv('BANGUI_SECRET_KEY', 'not for npm');
  await expect(installPackage('x@1.0.0', root)).rejects.toThrow(/npm is not installed here/);
  await npm('x');
  const told = join(root, 'environment');
  await writeFile(
    join(root, 'npm'),
    `#!${process.execPath}\nrequire('node:fs').writeFileSync(${JSON.stringify(told)}, Object.keys(process.env).join(' ')); require('node:fs').mkdirSync('node_modules/x', { recursive: true });`,
  );
  await installPackage('x@1.0.0', root);
  const names = (await readFile(told, 'utf8')).split(' ');
  expect(names).toContain('PATH');
  expect(names.filter((name) => name.startsWith('BANGUI_'))).toEqual([]);
});
