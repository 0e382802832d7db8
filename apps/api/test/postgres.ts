import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readdir, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type TestProject } from 'vitest/node';

const run = promisify(execFile);
const versionsDir = '/usr/lib/postgresql';

/** Debian's nobody and nogroup: PostgreSQL refuses to run as root. */
const nobody = { uid: 65_534, gid: 65_534 };

declare module 'vitest' {
  interface ProvidedContext {
    /** `postgres://…` of a private server, or the reason why there is none. */
    postgres: { readonly url: string } | { readonly missing: string };
  }
}

/** Folder of the newest PostgreSQL's programs. */
async function binaries(): Promise<string | undefined> {
  const versions = await readdir(versionsDir).catch(() => []);
  const newest = versions.filter((name) => /^\d+$/.test(name)).sort((a, b) => Number(b) - Number(a))[0];
  return newest === undefined ? undefined : join(versionsDir, newest, 'bin');
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
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

/** Starts one real PostgreSQL for all database tests and tells them its address. */
export async function setup(project: TestProject): Promise<(() => Promise<void>) | undefined> {
  const bin = await binaries();
  if (bin === undefined) {
    project.provide('postgres', {
      missing: 'PostgreSQL is not installed: apt-get install --no-install-recommends postgresql',
    });
    return undefined;
  }
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
  project.provide('postgres', { url: `postgres://bangui@127.0.0.1:${port}` });
  return async () => {
    const ended = once(server, 'exit');
    server.kill('SIGINT');
    await ended;
    await rm(dir, { recursive: true, force: true });
  };
}
