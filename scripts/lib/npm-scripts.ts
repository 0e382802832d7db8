import { spawn } from 'node:child_process';
import { checkout } from './paths.ts';

/**
 * Runs a script of `package.json` and tells how long it took. Its output is shown when it ends, so that those of several at
 * once are not mixed. Never rejects.
 * @returns whether it succeeded
 */
export function runScript(script: string): Promise<boolean> {
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
