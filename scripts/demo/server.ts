import { createHash } from 'node:crypto';
import { appendFile, mkdir, rm, stat, truncate } from 'node:fs/promises';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { type Children } from '../lib/children.ts';
import { type Fail2banTool } from '../lib/fail2ban-package.ts';
import { connectFailure } from '../lib/pick-fail2ban.ts';
import { ScriptProblem } from '../lib/programs.ts';
import { type DemoPlaces, writeDemoConfiguration } from './configuration.ts';
import { DemoTraffic } from './traffic.ts';

/** A Unix socket's path has room for 107 bytes. */
const maxSocketPath = 107;
const startLimitMs = 20_000;
const maxLogBytes = 16 * 1024 * 1024;

/** The files of the demo below `dir`. */
export function demoPlaces(dir: string): DemoPlaces {
  const near = join(dir, 'fail2ban.sock');
  const key = createHash('sha256').update(dir).digest('hex').slice(0, 12);
  const isShort = Buffer.byteLength(near) <= maxSocketPath;
  const logDir = join(dir, 'log');
  return {
    configDir: join(dir, 'config'),
    socketPath: isShort ? near : join(tmpdir(), `bangui-demo-${userInfo().uid}-${key}`, 'fail2ban.sock'),
    pidFile: join(dir, 'fail2ban.pid'),
    databaseFile: join(dir, 'fail2ban.sqlite3'),
    logDir,
    sshLog: join(logDir, 'auth.log'),
    nginxLog: join(logDir, 'nginx-error.log'),
  };
}

/** Starts a private fail2ban in `dir`, from nothing, and returns once its jails are there. It touches nothing outside `dir`. */
export async function startDemoServer(children: Children, tool: Fail2banTool, dir: string): Promise<DemoPlaces> {
  const places = demoPlaces(dir);
  await ensureNobodyIsThere(places.socketPath);
  try {
    await rm(dir, { recursive: true, force: true });
    await mkdir(join(places.socketPath, '..'), { recursive: true, mode: 0o700 });
    await writeDemoConfiguration(places, tool.configDir);
  } catch (cause) {
    throw new ScriptProblem(`The demo cannot be prepared in ${dir}: ${String(cause)}`, { cause });
  }
  const { PATH, TZ } = process.env;
  const server = children.start('fail2ban', tool.server, ['-c', places.configDir, '-x', '-f', 'start'], {
    cwd: dir,
    env: { PATH, LANG: 'C.UTF-8', ...(TZ === undefined ? {} : { TZ }) },
    stdio: ['ignore', 'pipe', 'pipe'],
    // On an orderly way out it would remove the socket of the one that is started next.
    orphanSignal: 'SIGKILL',
  });
  let output = '';
  const { promise: ready, resolve, reject } = Promise.withResolvers<unknown>();
  const hear = (chunk: Buffer) => {
    output = (output + chunk.toString()).slice(-4000);
    if (output.includes('Server ready')) resolve(undefined);
  };
  server.stdout?.on('data', hear);
  server.stderr?.on('data', hear);
  const fail = (how: string) =>
    reject(new ScriptProblem(`The private fail2ban did not start: ${how}\n${output.trim()}`));
  server.once('error', (error) => fail(error.message));
  server.once('exit', () => fail('it ended'));
  const timer = setTimeout(() => fail(`not ready within ${startLimitMs / 1000} s`), startLimitMs);
  await ready.finally(() => clearTimeout(timer));
  return places;
}

/** Two demos in one folder would take each other's files away. One that is being stopped gets a moment. */
async function ensureNobodyIsThere(socketPath: string): Promise<void> {
  const deadline = performance.now() + 3000;
  while ((await connectFailure(socketPath)) === undefined) {
    if (performance.now() > deadline) {
      throw new ScriptProblem(`A demo is already running here (${socketPath}). Stop it first.`);
    }
    await wait(100);
  }
}

/** Writes made-up failed logins into the sample logs until `signal` is aborted. */
export async function writeTraffic(
  places: DemoPlaces,
  signal: AbortSignal,
  traffic = new DemoTraffic(),
): Promise<void> {
  for (let count = 1; !signal.aborted; count++) {
    const { jail, line, pauseMs } = traffic.next(new Date());
    const log = jail === 'sshd' ? places.sshLog : places.nginxLog;
    await appendFile(log, `${line}\n`);
    // Left alone for weeks, a demo must not fill the disk.
    if (count % 1000 === 0 && (await stat(log)).size > maxLogBytes) await truncate(log);
    await wait(pauseMs, undefined, { signal }).catch(() => undefined);
  }
}
