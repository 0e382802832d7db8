import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Figure, atMost } from './measure.ts';

/** What a process told of 100,000 look-ups. */
export interface LookUpFigures {
  /** Milliseconds of processor time for all there is to a place. */
  readonly tookMs: number;
  /** The same without regions, as bans are archived; of our own data only. */
  readonly withoutRegionMs: number | undefined;
  /** Growth of its memory in MiB (PSS). */
  readonly memory: number;
}

/** 100,000 random addresses in the data that comes with BanGUI, and in a MaxMind file of the size of a City database. */
export async function measureGeo(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-'));
  try {
    const packaged = await lookUps('package', folder);
    await once(start('write', folder), 'exit');
    const { size } = await stat(join(folder, 'large.mmdb'));
    const large = await lookUps('mmdb', folder);
    return [
      atMost('100,000 countries and networks, processor time', packaged.withoutRegionMs ?? Number.NaN, 500, 'ms', 0),
      { name: 'the same with regions, one address at a time', value: `${packaged.tookMs.toFixed(0)} ms` },
      atMost('memory they take (PSS)', packaged.memory, 16, 'MiB'),
      {
        name: `100,000 places of a ${(size / 1e6).toFixed(0)} MB MaxMind file`,
        value: `${large.tookMs.toFixed(0)} ms`,
      },
      atMost('memory they take (PSS)', large.memory, 16, 'MiB'),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

function start(kind: string, folder: string) {
  return fork(new URL('./geo-look-ups.ts', import.meta.url), [kind, folder], {
    stdio: 'inherit',
    // The size of the young generation is that of the API.
    execArgv: ['--conditions=bangui-src', '--expose-gc', '--max-semi-space-size=4'],
  });
}

async function lookUps(kind: string, folder: string): Promise<LookUpFigures> {
  const child = start(kind, folder);
  const figures = await Promise.race([
    once(child, 'message').then(([message]: unknown[]) => message),
    once(child, 'exit').then(() => Promise.reject(new Error('The look-ups ended without figures.'))),
  ]);
  // Sent by geo-look-ups.ts, which is ours.
  return figures as LookUpFigures;
}
