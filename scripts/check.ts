// `make check`: formatting, lint, boundaries, types, generated files, compose files, the documentation's site; as many at once
// as there are cores.
import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';
import { checkout } from './lib/paths.ts';

/** The npm script that writes files anew which are generated, to see whether they are as committed. */
const GENERATED = 'generated';
/** npm scripts; the longest come first, so that a short one does not end up waiting for a core behind them. */
const CHECKS = [GENERATED, 'lint', 'types', 'docs:build', 'format:check', 'boundaries', 'stack-files'];
/** Those that read what is written anew. */
const READERS_OF_GENERATED: readonly string[] = ['docs:build', 'format:check'];

// The others read the types of the libraries from what is built.
const failed: string[] = [];
if (!(await run('build:libs'))) failed.push('build:libs');
const waiting = failed.length === 0 ? [...CHECKS] : [];
const written = Promise.withResolvers<unknown>();
await Promise.all(
  Array.from({ length: availableParallelism() }, async () => {
    for (let check = waiting.shift(); check !== undefined; check = waiting.shift()) {
      if (READERS_OF_GENERATED.includes(check)) await written.promise;
      if (!(await run(check))) failed.push(check);
      if (check === GENERATED) written.resolve(check);
    }
  }),
);
if (failed.length > 0) {
  process.exitCode = 1;
  console.log(`make check failed: ${failed.join(', ')}`);
}

/** Runs an npm script; its output is shown when it ends, so that two are not mixed. */
function run(script: string): Promise<boolean> {
  const startedAt = performance.now();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const child = spawn('npm', ['run', '--silent', script], { cwd: checkout, stdio: ['ignore', 'pipe', 'pipe'] });
  const output: Buffer[] = [];
  child.stdout.on('data', (chunk: Buffer) => output.push(chunk));
  child.stderr.on('data', (chunk: Buffer) => output.push(chunk));
  child.on('error', (error) => {
    console.error(error.message);
    resolve(false);
  });
  child.on('close', (code) => {
    process.stdout.write(Buffer.concat(output));
    const seconds = ((performance.now() - startedAt) / 1000).toFixed(1);
    console.log(`== ${script}: ${code === 0 ? 'fine' : 'FAILED'} in ${seconds} s`);
    resolve(code === 0);
  });
  return promise;
}
