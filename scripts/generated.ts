import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** What is generated and committed, and the npm scripts that write it, in order. */
const OUTPUTS = [
  'apps/api/openapi.json',
  'apps/portal/src/app/api/generated',
  'apps/portal/public/geo',
  'docs/reference',
];
const WRITERS = ['openapi', 'portal:api', 'reference', 'sources', 'sdk-reference', 'world'];

/** Path and content hash of each file at or below the given paths. */
function fingerprints(paths: readonly string[]): Map<string, string> {
  const found = new Map<string, string>();
  for (const path of paths) {
    if (!existsSync(path)) continue;
    if (statSync(path).isDirectory()) {
      for (const [file, hash] of fingerprints(readdirSync(path).map((name) => join(path, name)))) found.set(file, hash);
    } else {
      found.set(path, createHash('sha256').update(readFileSync(path)).digest('hex'));
    }
  }
  return found;
}

const before = fingerprints(OUTPUTS);
for (const writer of WRITERS)
  execFileSync('npm', ['run', '--silent', writer], { stdio: ['ignore', 'ignore', 'inherit'] });
const after = fingerprints(OUTPUTS);
const stale = [...new Set([...before.keys(), ...after.keys()])].filter((file) => before.get(file) !== after.get(file));
if (stale.length > 0) {
  console.error(`Out of date, now written anew; please commit:\n${stale.map((file) => `  ${file}`).join('\n')}`);
  process.exitCode = 1;
}
