// `make check`: formatting, lint, boundaries, types, generated files, compose files, the documentation's site; as many at once
// as there are cores.
import { availableParallelism } from 'node:os';
import { runScript } from './lib/npm-scripts.ts';

/** The npm script that writes files anew which are generated, to see whether they are as committed. */
const GENERATED = 'generated';
/** npm scripts; the longest come first, so that a short one does not end up waiting for a core behind them. */
const CHECKS = [GENERATED, 'lint', 'types', 'docs:build', 'format:check', 'boundaries', 'stack-files'];
/** Those that read what is written anew. */
const READERS_OF_GENERATED: readonly string[] = ['docs:build', 'format:check'];

// The others read the types of the libraries from what is built.
const failed: string[] = [];
if (!(await runScript('build:libs'))) failed.push('build:libs');
const waiting = failed.length === 0 ? [...CHECKS] : [];
const written = Promise.withResolvers<unknown>();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (READERS_OF_GENERATED.includes(check)) await written.promise;
      if (!(await runScript(check))) failed.push(check);
      if (check === GENERATED) written.resolve(check);
    }
  }),
);
if (failed.length > 0) {
  process.exitCode = 1;
  console.log(`make check failed: ${failed.join(', ')}`);
}
