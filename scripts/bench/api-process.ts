import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { type PrivateFail2ban, fail2banTools } from '@bangui/fail2ban/testing';
import { freePort } from '../lib/free-port.ts';
import { until } from './measure.ts';

const USERNAME = 'bench';
const PASSWORD = 'a long bench passphrase';

/** Proportional set size of a process in MiB, from the kernel's smaps_rollup. */
export async function proportionalMemory(pid: number): Promise<number> {
  const rollup = await readFile(`/proc/${pid}/smaps_rollup`, 'utf8');
  return Number(/^Pss:\s+(\d+) kB/m.exec(rollup)?.[1]) / 1024;
}

/** Processor time of all threads of a process so far in seconds, from the kernel's accounts in hundredths. */
export async function processorTime(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  // The name in brackets may hold anything; what follows it begins with field 3.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return (Number(fields[11]) + Number(fields[12])) / 100;
}

/** The same of a process and of all that it started and that have ended. */
export async function processorTimeWithChildren(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8');
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  return [11, 12, 13, 14].reduce((sum, field) => sum + Number(fields[field]), 0) / 100;
}

/** The built API as a process of its own, against a private fail2ban and an empty database. */
export class ApiProcess {
  readonly url: string;
  /** Milliseconds from the start of the process to the first 200 of `/api/health/live`. */
  readonly startMs: number;
  private readonly child: ChildProcess;
  private readonly folder: string;

  private constructor(url: string, startMs: number, child: ChildProcess, folder: string) {
    this.url = url;
    this.startMs = startMs;
    this.child = child;
    this.folder = folder;
  }

  /** Starts `apps/api/dist/bundle/main.js` and waits for it. */
  static async start(
    fail2ban: PrivateFail2ban,
    { databasePath, env }: { readonly databasePath?: string; readonly env?: Readonly<Record<string, string>> } = {},
  ): Promise<ApiProcess> {
    const folder = await mkdtemp(join(tmpdir(), 'bangui-bench-'));
    const port = await freePort();
    const tools = fail2banTools();
    const url = `http://127.0.0.1:${port}`;
    const started = performance.now();
    const child = spawn(process.execPath, ['apps/api/dist/bundle/main.js'], {
      stdio: ['ignore', 'ignore', 'inherit'],
      env: {
        PATH: process.env['PATH'],
        // As in the image, the unit and `make run`.
        MALLOC_ARENA_MAX: '2',
        BANGUI_PORT: String(port),
        BANGUI_DATABASE_PATH: databasePath ?? join(folder, 'bangui.sqlite3'),
        BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
        BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
        BANGUI_FAIL2BAN_CLIENT: tools.client,
        BANGUI_FAIL2BAN_PYTHON: tools.python,
        BANGUI_ADMIN_USERNAME: USERNAME,
        BANGUI_ADMIN_PASSWORD: PASSWORD,
        BANGUI_LOG_LEVEL: 'warn',
        ...env,
      },
    });
    await until(20_000, 'the API', async () => {
      if (child.exitCode !== null) throw new Error(`the API ended with code ${child.exitCode}`);
      // Until it listens every connection is refused.
      const response = await fetch(`${url}/api/health/live`).catch(() => undefined);
      return response?.ok ? true : undefined;
    });
    return new ApiProcess(url, performance.now() - started, child, folder);
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the API has no process');
    return this.child.pid;
  }

  /** Signs in and gives the cookie to send. */
  async signIn(): Promise<string> {
    const response = await fetch(`${this.url}/api/v1/auth/login`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-bangui-request': '1' },
      body: JSON.stringify({ username: USERNAME, password: PASSWORD }),
    });
    if (!response.ok) throw new Error(`sign-in: ${response.status} ${await response.text()}`);
    return response.headers.getSetCookie()[0]?.split(';')[0] ?? '';
  }

  async stop(): Promise<void> {
    if (this.child.exitCode === null) {
      this.child.kill('SIGKILL');
      await new Promise((resolve) => this.child.once('exit', resolve));
    }
    await rm(this.folder, { recursive: true, force: true });
  }
}
