// `npm run docs:build` checks the links and makes the site below docs/.vitepress/dist; `npm run docs:dev` shows it while it is written.
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { spawnSync } from 'node:child_process';
import { brokenLinks, orphans } from './docs/links.ts';
import { checkout } from './lib/paths.ts';
import { main, run, ScriptProblem } from './lib/programs.ts';

const docs = join(checkout, 'docs');

await main(async () => {
  const [command = 'build'] = process.argv.slice(2);
  if (command !== 'build' && command !== 'dev') throw new ScriptProblem('Usage: docs-site.ts [build|dev]');
  if (command === 'build') checkLinks();
  await installSite();
  const vitepress = join(docs, 'node_modules/vitepress/bin/vitepress.js');
  // While somebody writes, VitePress talks to them; a build that goes well needs no words.
  const { status, stdout, stderr } = spawnSync(process.execPath, [vitepress, command, docs], {
    stdio: command === 'dev' ? 'inherit' : 'pipe',
    cwd: docs,
    encoding: 'utf8',
  });
  if (status === 0) return;
  if (command === 'build') console.error(`${stdout}${stderr}`);
  process.exitCode = status ?? 1;
});

function checkLinks(): void {
  const problems = [
    ...brokenLinks(checkout),
    ...orphans(checkout).map((path) => `${path}: no other page leads to it; name it in the README of its folder`),
  ];
  if (problems.length > 0) throw new ScriptProblem(problems.join('\n'));
}

/** The site's own packages, which nobody else needs, when they are missing or older than their lock. */
async function installSite(): Promise<void> {
  const installed = join(docs, 'node_modules/.package-lock.json');
  const lock = join(docs, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  await run('npm', ['ci', '--prefix', docs], { cwd: docs });
}
