import { performance } from 'node:perf_hooks';

/** One line of the report: what was measured, the figure, and the bound it is held to, if any. */
export interface Figure {
  readonly name: string;
  readonly value: string;
  readonly bound?: string;
  readonly isKept?: boolean;
  /** Processor time it took; on a busy machine it tells more than the time on the clock. */
  readonly processor?: string;
}

/** The value below which the share `p` (0..1) of the samples lies. */
export function percentile(samples: readonly number[], p: number): number {
  const sorted = samples.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * p))] ?? Number.NaN;
}

/** Runs `work` `rounds` times, one after the other, and gives the duration of each in milliseconds. */
export async function timed(rounds: number, work: () => Promise<unknown>): Promise<number[]> {
  const samples: number[] = [];
  for (let round = 0; round < rounds; round++) {
    const start = performance.now();
    await work();
    samples.push(performance.now() - start);
  }
  return samples;
}

/** A figure with an upper bound in the same unit. */
export function atMost(name: string, value: number, bound: number, unit: string, digits = 1): Figure {
  return {
    name,
    value: `${value.toFixed(digits)} ${unit}`,
    bound: `≤ ${bound} ${unit}`,
    isKept: value <= bound,
  };
}

/** Repeats `probe` every `everyMs` milliseconds until it gives something, at most `limitMs`; throws when time is up. */
export async function until<T>(
  limitMs: number,
  what: string,
  probe: () => Promise<T | undefined>,
  everyMs = 20,
): Promise<T> {
  const end = performance.now() + limitMs;
  for (;;) {
    const found = await probe();
    if (found !== undefined) return found;
    if (performance.now() > end) throw new Error(`${what}: nothing within ${limitMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
}
