import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { checksumOf } from '../checksum.ts';

// It starts processes, and a busy machine takes its time for each.
vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let directory: string;
let host: ChildProcess | undefined;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'bangui-orphan-'));
});
afterEach(async () => {
  // After a failure too: what it has started never ends by itself.
  host?.kill('SIGKILL');
  await rm(directory, { recursive: true, force: true });
});

/** Processes that a process has started and that are there still. */
function childrenOf(parent: number): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .filter((name) => {
      try {
        // After the program's name in parentheses: state and parent.
        return readFileSync(`/proc/${name}/stat`, 'latin1').split(') ').at(-1)?.split(' ')[1] === String(parent);
      } catch {
        // It has ended meanwhile.
        return false;
      }
    })
    .map(Number);
}

/** Whether a process has worked for more than a second: by then it is where it never ends. */
function isEndless(pid: number): boolean {
  try {
    const [userTicks = '0'] =
      readFileSync(`/proc/${pid}/stat`, 'latin1').split(') ').at(-1)?.split(' ').slice(11) ?? [];
    return Number(userTicks) > 100;
  } catch {
    // It has ended meanwhile.
    return false;
  }
}

it('a child that never ends does not outlive a host that is killed', async () => {
  const entry = join(directory, 'index.js');
  await writeFile(entry, 'for (;;);');
  const location = { id: 'probe', trust: 'foreign', directory, entry, checksum: await checksumOf(directory) };
  const open = pathToFileURL(join(import.meta.dirname, '../open-source.ts')).href;
  const script = `const { openSource } = await import(${JSON.stringify(open)}); await openSource(${JSON.stringify(location)}, { describeMs: 600000 });`;
  host = spawn(process.execPath, ['--conditions=bangui-src', '--input-type=module', '--eval', script], {
    stdio: 'ignore',
  });
  const { pid: parent = 0 } = host;
  let child: number | undefined;
  await expect.poll(() => (child = childrenOf(parent).find(isEndless)), { timeout: 80_000 }).toBeDefined();
  host.kill('SIGKILL');
  await once(host, 'exit');
  await expect.poll(() => existsSync(`/proc/${child}`)).toBe(false);
});
