import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freePort } from '../../../scripts/lib/free-port.ts';

const run = promisify(execFile);
const versionsDir = '/usr/lib/postgresql';

/** Debian's nobody and nogroup: PostgreSQL refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 };

/** What to do when there is no PostgreSQL. */
export const postgresMissing = 'PostgreSQL is not installed: apt-get install --no-install-recommends postgresql';

/** A private PostgreSQL. */
export interface PostgresServer {
  /** `postgres://…` without the name of a database. */
  readonly url: string;
  stop(): Promise<void>;
}

/** Folder of the newest PostgreSQL's programs. */
async function binaries(): Promise<string | undefined> {
  const versions = await readdir(versionsDir).catch(() => []);
  const newest = versions.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(versionsDir, newest, 'bin');
}

async function untilReady(bin: string, port: number, server: ChildProcess): Promise<void> {
  for (;;) {
    if (server.exitCode !== null) throw new Error(`The private PostgreSQL ended with status ${server.exitCode}.`);
    const isReady = await run(join(bin, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(
      () => true,
      () => false,
    );
    if (isReady) return;
  }
}

/** Starts one in a temporary folder; undefined when it is not installed. */
export async function startPostgres(): Promise<PostgresServer | undefined> {
  const bin = await binaries();
  if (bin === undefined) return undefined;
  const dir = await mkdtemp(join(tmpdir(), 'bangui-postgres-'));
  const isRoot = process.getuid?.() === 0;
  const identity = isRoot ? nobody : {};
  if (isRoot) await chown(dir, nobody.uid, nobody.gid);
  await chmod(dir, 0o700);
  const data = join(dir, 'data');
  await run(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'bangui', '-A', 'trust', '-E', 'UTF8', '--no-locale', '--no-sync'],
    { ...identity, cwd: dir },
  );
  const port = await freePort();
  const options = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: dir,
    fsync: 'off',
    max_connections: 60,
  };
  const args = Object.entries(options).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const server = spawn(join(bin, 'postgres'), ['-D', data, ...args], { ...identity, cwd: dir, stdio: 'ignore' });
  await untilReady(bin, port, server);
  return {
    url: `postgres://bangui@127.0.0.1:${port}`,
    stop: async () => {
      const ended = once(server, 'exit');
      server.kill('SIGINT');
      await ended;
      await rm(dir, { recursive: true, force: true });
    },
  };
}
