import { fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { iprange, type IprangeFigures } from './iprange.ts';
import { atMost, type Figure } from './measure.ts';

/** What a process told of one list. */
export interface ListFigures {
  readonly parseAndMergeMs: number;
  /** Processor time to hash the bytes of the list, which is all that is done to one that came again unchanged. */
  readonly hashMs: number;
  /** Slower than 999 of 1,000 look-ups. */
  readonly lookUpMs: number;
  readonly ranges: number;
  /** Size of the stored form in MB. */
  readonly storedMb: number;
  /** Memory of the process before it read anything, in MB. */
  readonly startMb: number;
  /** Most memory the process ever had after parsing and merging, in MB. */
  readonly peakMb: number;
}

const LINES = 2_000_000;
const ROUNDS = 3;

/** Two million lines with a million distinct addresses: ours beside Debian's iprange (C), the best of three rounds in turn. */
export async function measureAddressSets(): Promise<Figure[]> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-'));
  try {
    const path = join(folder, 'list.txt');
    await writeList(path);
    const ours: ListFigures[] = [];
    const theirs: IprangeFigures[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      theirs.push(await iprange([path]));
      ours.push(await readList(path));
    }
    const best = (pick: (each: ListFigures) => number): number => Math.min(...ours.map(pick));
    const theirBest = Math.min(...theirs.map(({ tookMs }) => tookMs));
    return [
      {
        name: 'iprange: 2,000,000 lines, read and merged',
        value: `${theirBest.toFixed(0)} ms`,
        bound: `${Math.max(...theirs.map(({ peakMb }) => peakMb)).toFixed(0)} MB`,
      },
      atMost(
        'the same with ours',
        best(({ parseAndMergeMs }) => parseAndMergeMs),
        Math.floor(theirBest),
        'ms',
        0,
      ),
      // A process that strips types holds 40 MB more than a built one; what counts is what the list adds to Node's own 45.
      atMost(
        'memory it took beyond that of the process',
        best(({ peakMb, startMb }) => peakMb - startMb),
        55,
        'MB',
        0,
      ),
      atMost(
        'the same list again, unchanged (processor time)',
        best(({ hashMs }) => hashMs),
        50,
        'ms',
        0,
      ),
      atMost(
        'look-up in it, p99.9 of 10,000',
        best(({ lookUpMs }) => lookUpMs),
        1,
        'ms',
        3,
      ),
      atMost(
        `stored form of its ${ours[0]?.ranges ?? 0} ranges`,
        best(({ storedMb }) => storedMb),
        8.1,
        'MB',
      ),
    ];
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function readList(path: string): Promise<ListFigures> {
  const child = fork(new URL('./address-sets-list.ts', import.meta.url), [path], {
    stdio: 'inherit',
    // The size of the young generation is that of the API.
    execArgv: ['--conditions=bangui-src', '--max-semi-space-size=4'],
  });
  const figures = await Promise.race([
    once(child, 'message').then(([message]: unknown[]) => message),
    once(child, 'exit').then(() => Promise.reject(new Error('The list was read without figures.'))),
  ]);
  // Sent by address-sets-list.ts, which is ours.
  return figures as ListFigures;
}

/** Every address twice, in no order: its position is multiplied with an odd number, which reaches every number once. */
async function writeList(path: string): Promise<void> {
  const file = await open(path, 'w');
  try {
    for (let start = 0; start < LINES; start += 100_000) {
      let text = '';
      for (let index = start; index < start + 100_000; index += 1) {
        const value = Math.imul((index % (LINES / 2)) + 1, 2_654_435_761) >>> 0;
        text += `${value >>> 24}.${(value >>> 16) & 255}.${(value >>> 8) & 255}.${value & 255}\n`;
      }
      await file.write(text);
    }
  } finally {
    await file.close();
  }
}
