// `make clean`: removes what was built or made here. Dependencies stay; `var` goes with databases and demo.
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { demoPlaces } from './demo/server.ts';
import { checkout, varDir } from './lib/paths.ts';
import { connectFailure } from './lib/pick-fail2ban.ts';
import { main, ScriptProblem } from './lib/programs.ts';

await main(async () => {
  const { socketPath } = demoPlaces(join(varDir, 'demo'));
  if ((await connectFailure(socketPath)) === undefined) {
    throw new ScriptProblem('BanGUI\'s demo is running here. Stop "make run" or "make dev" first.');
  }
  const packages = ['libs', 'plugins', 'apps'].map(async (dir) => {
    const entries = await readdir(join(checkout, dir), { withFileTypes: true });
    return entries.filter((entry) => entry.isDirectory()).map(({ name }) => join(checkout, dir, name));
  });
  const made = ['dist', '.angular', 'apps/api/data', 'coverage', 'test-results', 'playwright-report', 'var'].map(
    (dir) => join(checkout, dir),
  );
  for (const dir of (await Promise.all(packages)).flat()) made.push(join(dir, 'dist'));
  for (const path of made) await rm(path, { recursive: true, force: true });
  const buildInfo = (await Promise.all(packages)).flat().concat(checkout);
  for (const dir of buildInfo) {
    for (const name of await readdir(dir).catch(() => [])) {
      if (name.endsWith('.tsbuildinfo')) await rm(join(dir, name));
    }
  }
});
