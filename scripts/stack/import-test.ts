import { type ChildProcess, spawn } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ScriptProblem } from '../lib/programs.ts';
import { type Stack, until } from './docker.ts';
import { type Portal } from './portal.ts';
import { check } from './report.ts';

const addresses = 1_000_000;
const mebi = 1024 * 1024;
/** The API's reservation: an import of a million addresses has to fit. */
const reservation = 256 * mebi;

interface Blocklists {
  readonly items: readonly {
    readonly isRunning: boolean;
    readonly lastRun: { readonly outcome: string; readonly startedAt: number; readonly finishedAt: number } | null;
  }[];
  readonly wanted: { readonly ranges: number };
}

/** A million single addresses that do not touch, so that none can be merged. */
function list(): string {
  const line = (index: number): string =>
    `${23 + Math.floor(index / 2 ** 23)}.${(index >> 15) & 255}.${(index >> 7) & 255}.${(index & 127) * 2}`;
  return `${Array.from({ length: addresses }, (_, index) => line(index)).join('\n')}\n`;
}

/** A file of the container's memory controller: cgroup v2, or v1 where the kernel still has it. */
function accounts(stack: Stack, v2: string, v1: string): Promise<string> {
  const [two, one] = [`/sys/fs/cgroup/${v2}`, `/sys/fs/cgroup/memory/${v1}`];
  return stack.exec('api', 'sh', '-c', `if [ -f ${two} ]; then cat ${two}; else cat ${one}; fi`);
}

/** Private memory of the API's container in bytes, without the page cache. */
async function privateMemory(stack: Stack): Promise<number> {
  const [, bytes] = /^(?:anon|total_rss) (\d+)$/m.exec(await accounts(stack, 'memory.stat', 'memory.stat')) ?? [];
  if (bytes === undefined) throw new ScriptProblem('The kernel does not tell the memory of the container.');
  return Number(bytes);
}

/** Follows the private memory of a container ten times a second, by a program in it. */
class MemoryWatch {
  /** Bytes, the most that was seen. */
  most = 0;
  private readonly child: ChildProcess;

  constructor(container: string) {
    const find = 'file=/sys/fs/cgroup/memory.stat; [ -f "$file" ] || file=/sys/fs/cgroup/memory/memory.stat';
    const program = `${find}; while grep -E '^(anon|total_rss) ' "$file" && sleep 0.1; do :; done`;
    this.child = spawn('docker', ['exec', container, 'sh', '-c', program], { stdio: ['ignore', 'pipe', 'ignore'] });
    this.child.stdout?.on('data', (chunk: Buffer) => {
      for (const [, bytes] of chunk.toString('latin1').matchAll(/ (\d+)\n/g))
        this.most = Math.max(this.most, Number(bytes));
    });
  }

  /** Ends it; the program in the container ends with its next line, which nobody reads. */
  stop(): void {
    this.child.kill();
  }
}

/** Imports a list of a million addresses into the API under its limit. @returns figures for people */
export async function importMillion(stack: Stack, portal: Portal): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bangui-stack-'));
  const before = await stack.container('api');
  try {
    await writeFile(join(folder, 'million.txt'), list());
    await stack.exec('api', 'mkdir', '-p', '/var/lib/bangui/lists');
    await copyIn(join(folder, 'million.txt'), before.Id, '/var/lib/bangui/lists/million.txt');
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  const atRest = await privateMemory(stack);
  const watch = new MemoryWatch(before.Id);
  await portal.json('POST', '/api/v1/blocklists', {
    plugin: 'file',
    name: 'a million',
    config: { path: 'million.txt' },
  });
  const shown = await until(180_000, 'the import', async () => {
    const found = await portal.json<Blocklists>('GET', '/api/v1/blocklists');
    const isOk = found.items[0]?.lastRun?.outcome === 'ok';
    return isOk && found.wanted.ranges === addresses ? found : undefined;
  }).finally(() => watch.stop());
  const most = Math.max(atRest, watch.most);
  const after = await stack.container('api');
  check(after.Id === before.Id && !after.State.OOMKilled, 'the API was replaced or killed meanwhile');
  const events = await accounts(stack, 'memory.events', 'memory.oom_control');
  check(/^oom_kill 0$/m.test(events), `the kernel killed something of the API: ${events}`);
  const peak = Number(await accounts(stack, 'memory.peak', 'memory.max_usage_in_bytes'));
  const run = shown.items[0]?.lastRun;
  const took = run ? ((run.finishedAt - run.startedAt) / 1000).toFixed(1) : '?';
  const mib = (bytes: number): string => `${(bytes / mebi).toFixed(0)} MiB`;
  const told = `${mib(atRest)} before, ${mib(most)} at most, ${mib(peak)} with the page cache; the import took ${took} s`;
  check(watch.most > 0, 'the memory could not be followed');
  check(most <= reservation, `more than ${mib(reservation)} of private memory: ${told}`);
  return told;
}

/** Copies a file into a running container with a read-only file system: through a program in it, into a volume. */
async function copyIn(file: string, container: string, to: string): Promise<void> {
  const child = spawn('docker', ['exec', '--interactive', container, 'tee', to], {
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await pipeline(createReadStream(file), child.stdin);
  if ((await ended) !== 0) throw new ScriptProblem(`${to} could not be written.`);
}
