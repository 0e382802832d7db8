import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { unpackedPackage } from '../lib/unpacked-package.ts';

/** What Debian's iprange (C) needed to read and merge files. */
export interface IprangeFigures {
  readonly tookMs: number;
  /** Peak resident memory in MB. */
  readonly peakMb: number;
}

/** Runs iprange over files; it only counts the result, which spares it the writing. */
export async function iprange(paths: readonly string[]): Promise<IprangeFigures> {
  const program = join(await unpackedPackage('iprange'), 'usr/bin/iprange');
  const startedAt = performance.now();
  const child = spawn(program, ['--count-unique', ...paths], { stdio: ['ignore', 'ignore', 'inherit'] });
  const ended = once(child, 'exit');
  let peakMb = 0;
  const watch = setInterval(() => void peakOf(child.pid ?? 0).then((each) => (peakMb = Math.max(peakMb, each))), 25);
  const [code] = (await ended) as [number];
  clearInterval(watch);
  if (code !== 0) throw new Error(`iprange ended with ${code}.`);
  return { tookMs: performance.now() - startedAt, peakMb };
}

/** Peak resident memory of a process in MB; 0 when it is gone. */
export async function peakOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8').catch(() => '');
  return (Number(/^VmHWM:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024) / 1e6;
}
