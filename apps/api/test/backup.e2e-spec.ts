import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, readdir, readlink, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { promisify } from 'node:util';
import BetterSqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { holdIdleDatabase } from '../src/cli/backup/idle-database.ts';
import { type Ran, runCompiled } from '../src/cli/testing/command.ts';
import { ApiClient } from './api-client.ts';
import { ApiProcess } from './api-process.ts';
import { adminCredentials, testSecretKey } from './harness.ts';
import { privateDatabase } from './instances.ts';

const run = promisify(execFile);
const second = { username: 'second', password: 'another horse battery' };

let dir: string;
let env: Record<string, string>;
const running = new Set<ApiProcess>();

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-backup-'));
  env = {
    BANGUI_PORT: '0',
    BANGUI_DATABASE_PATH: join(dir, 'data/bangui.sqlite3'),
    BANGUI_PLUGINS_DIR: join(dir, 'plugins'),
    BANGUI_FAIL2BAN_SOCKET: join(dir, 'no-fail2ban.sock'),
    BANGUI_ADMIN_USERNAME: adminCredentials.username,
    BANGUI_ADMIN_PASSWORD: adminCredentials.password,
  };
});
afterEach(async () => {
  for (const api of running) api.kill('SIGKILL');
  for (const api of running) await api.exit;
  running.clear();
  await rm(dir, { recursive: true, force: true });
});

function start(): ApiProcess {
  const api = ApiProcess.start(env);
  running.add(api);
  return api;
}

/** Ends it as a machine does that loses its power. */
async function kill(api: ApiProcess): Promise<void> {
  api.kill('SIGKILL');
  await api.exit;
  running.delete(api);
}

const bangui = (...args: string[]): Promise<Ran> => {
  return runCompiled(args, env);
};

async function signedIn(api: ApiProcess, credentials = adminCredentials as typeof second): Promise<ApiClient> {
  const client = new ApiClient(await api.url());
  await client.signIn(credentials);
  return client;
}

describe('a real BanGUI', () => {
  it('is backed up while it runs, and restored when it does not', async () => {
    const backup = join(dir, 'backup.tar.gz');
    let api = start();
    const client = await signedIn(api);
    expect(await bangui('backup', backup)).toMatchObject({ status: 0, out: `${backup}\n` });
    const added = await client.post('/api/v1/administrators', second);
    expect(added.status).toBe(201);
    expect(await bangui('restore', backup)).toMatchObject({
      status: 1,
      told: expect.stringMatching(/BanGUI runs/) as unknown,
    });
    await signedIn(api, second);
    await kill(api);

    const restored = await bangui('restore', backup, '--json');
    expect(restored.status).toBe(0);
    const { former } = JSON.parse(restored.out) as { former: { database: string } };
    api = start();
    const names = async (of: ApiClient): Promise<string[]> =>
      (await of.get<{ items: { username: string }[] }>('/api/v1/administrators')).body.items.map(
        ({ username }) => username,
      );
    expect(await names(await signedIn(api))).toEqual(['admin']);
    await kill(api);

    // The way back is the file that was put aside.
    for (const end of ['-wal', '-shm']) await rm(`${env['BANGUI_DATABASE_PATH'] ?? ''}${end}`, { force: true });
    await rename(former.database, env['BANGUI_DATABASE_PATH'] ?? '');
    api = start();
    expect(await names(await signedIn(api))).toEqual(['admin', 'second']);
  });

  it('does not start with a database that was replaced while it was opened', async () => {
    const path = env['BANGUI_DATABASE_PATH'] ?? '';
    const first = start();
    await first.url();
    await kill(first);
    // Before the lock: whoever closes the file, however opened, loses the locks of its process (fcntl(2)).
    const copied = new BetterSqlite(path);
    copied.exec(`VACUUM INTO '${join(dir, 'other')}'`);
    copied.close();
    const held = await holdIdleDatabase(path);
    const api = start();
    const hasOpened = async (): Promise<boolean> => {
      const folder = `/proc/${api.child.pid}/fd`;
      const links = await Promise.all((await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')));
      return links.includes(path);
    };
    while (!(await hasOpened())) await setImmediate();
    await rename(join(dir, 'other'), path);
    held.release();
    expect(await api.exit).toMatchObject({ code: 1 });
    // SQLite itself notices: what a restore holds is not in the mode with a write-ahead log, and changing that writes.
    expect(api.stderr).toMatch(/bangui\.sqlite3 cannot be used/);
    const again = start();
    await signedIn(again);
  });
});

describe('a BanGUI on PostgreSQL', () => {
  /** What the guide says, as it stands there. */
  const guide = readFileSync(resolve(import.meta.dirname, '../../../docs/guide/backup.md'), 'utf8');
  const commandOf = (program: string): string => {
    const line = guide.split('\n').find((text) => text.startsWith(`${program} `));
    if (line === undefined) throw new Error(`The guide does not say how to use ${program}.`);
    return line;
  };

  it('is backed up and restored as the guide says', async () => {
    const database = await privateDatabase();
    try {
      env = { ...env, BANGUI_DATABASE_URL: database.url, BANGUI_SECRET_KEY: testSecretKey };
      const shell = (command: string) =>
        run('sh', ['-c', command], { cwd: dir, env: { PATH: '/usr/bin:/bin', ...env } });
      let api = start();
      const client = await signedIn(api);
      const refused = await bangui('backup', join(dir, 'x'));
      expect(refused).toMatchObject({ status: 1, out: '' });
      for (const program of ['pg_dump', 'pg_restore']) expect(refused.told).toContain(commandOf(program));
      await shell(commandOf('pg_dump'));
      expect((await client.post('/api/v1/administrators', second)).status).toBe(201);
      await kill(api);
      await shell(commandOf('pg_restore'));
      api = start();
      const { body } = await (await signedIn(api)).get<{ items: unknown[] }>('/api/v1/administrators');
      expect(body.items).toHaveLength(1);
    } finally {
      for (const api of running) await kill(api);
      await database.stop();
    }
  });
});
