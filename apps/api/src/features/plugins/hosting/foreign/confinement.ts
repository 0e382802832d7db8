import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** How far a child is kept from the machine. */
export type Confined = 'permission' | 'permission+network';

/** What a child is started through. */
export interface Confinement {
  readonly confined: Confined;
  /** A program and its arguments that run what follows them; empty when this machine has none of them. */
  readonly prefix: readonly [] | readonly [program: string, ...args: string[]];
}

/** Heap of a child in MiB. */
export const CHILD_HEAP_MB = 64;

/**
 * Private memory of a child in bytes. V8 sets 512 MiB of it aside for code on 64-bit Intel and never uses most of that; what
 * is left is for the heap, for buffers outside of it and for Node itself.
 */
const MEMORY_BYTES = (512 + 256) * 1024 * 1024;
/** Processor time in seconds, should nobody be left to end the child. */
const CPU_SECONDS = 600;
const PROBE_MS = 5_000;

const limits: readonly [string, ...string[]] = [
  'prlimit',
  `--data=${MEMORY_BYTES}`,
  `--cpu=${CPU_SECONDS}`,
  '--core=0',
  '--nofile=64',
  '--fsize=0',
  '--',
];
const withoutNetwork = ['unshare', '--map-current-user', '--net', '--'];
// A child must not outlive its host. After unshare, because a change of rights forgets it.
const tied = ['setpriv', '--no-new-privs', '--pdeathsig', 'KILL', '--'];

const candidates: readonly { confined: Confined; prefix: readonly [string, ...string[]] }[] = [
  { confined: 'permission+network', prefix: [...limits, ...withoutNetwork, ...tied] },
  { confined: 'permission', prefix: [...limits, ...tied] },
];

let found: Promise<Confinement> | undefined;

/** The strongest confinement that works here; tried once. */
export function confinement(): Promise<Confinement> {
  return (found ??= strongest());
}

async function strongest(): Promise<Confinement> {
  for (const candidate of candidates) {
    const [program, ...args] = candidate.prefix;
    const works = await run(program, [...args, 'true'], { env: searchPath, timeout: PROBE_MS }).then(
      () => true,
      // Not installed, or not allowed here.
      () => false,
    );
    if (works) return candidate;
  }
  return { confined: 'permission', prefix: [] };
}

/** The children's environment: where the programs of the prefix are, and nothing else. */
export const searchPath: Readonly<Record<string, string>> = { PATH: '/usr/sbin:/usr/bin:/sbin:/bin' };
