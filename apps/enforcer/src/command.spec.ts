import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { ownVersion } from './version.ts';

const folder = resolve(import.meta.dirname, '..');

it('is a command of npm that runs what was built', async () => {
  const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Record<string, string> };
  const program = join(folder, bin['bangui-enforcer'] ?? '');
  // npm links only what is there before anything is built.
  expect(program.includes('/dist/')).toBe(false);
  if (!existsSync(join(folder, 'dist/main.js'))) throw new Error('The enforcer is not built: run `npm run build`.');
  const { stdout } = await promisify(execFile)(process.execPath, [program, '--version']);
  expect(stdout.trim()).toBe(ownVersion());
});

it('says what is missing, as root or not', async () => {
  const program = join(folder, 'bin/bangui-enforcer.mjs');
  const failure = promisify(execFile)(process.execPath, [program], { env: {} });
  await expect(failure).rejects.toMatchObject({
    code: 78,
    stderr: expect.stringContaining('BANGUI_ENFORCER_SOCKET or BANGUI_API_URL must be set') as unknown,
  });
});
