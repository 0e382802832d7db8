import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { fail2banTools, PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type CommandEntry, documentedCommands, readCommandList } from '../../../scripts/docs/commands.ts';
import { ApiProcess } from './api-process.ts';
import { testSecretKey } from './harness.ts';
import { postgresMissing, type PostgresServer, startPostgres } from './postgres-server.ts';
import { RedisServer } from './redis-server.ts';

const checkout = resolve(import.meta.dirname, '../../..');
/** Longest time of one command, in milliseconds. */
const limitMs = 30_000;
/** Three BanGUIs and what they need; a busy machine takes longer than the usual minute. */
const startLimitMs = 180_000;

interface Ran {
  readonly status: number | string | null;
  readonly output: string;
}

/** Three BanGUIs: with SQLite and a fail2ban, with PostgreSQL, and with the lock in Redis. */
let dir: string;
let fail2ban: PrivateFail2ban;
let postgres: PostgresServer;
let redis: RedisServer;
const processes: ApiProcess[] = [];
let port = '';
let env: Record<string, string> = {};

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-documented-'));
  const started = await startPostgres();
  if (started === undefined) throw new Error(postgresMissing);
  [fail2ban, redis, postgres] = [await PrivateFail2ban.start(), await RedisServer.start(), started];
  const tools = fail2banTools();
  const own = {
    BANGUI_PORT: '0',
    BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
    BANGUI_PLUGINS_DIR: join(dir, 'plugins'),
    BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
    BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
    BANGUI_FAIL2BAN_CLIENT: tools.client,
    BANGUI_FAIL2BAN_PYTHON: tools.python,
    BANGUI_CORS_ALLOWED_ORIGINS: 'https://bans.example.org,http://localhost:5173',
    BANGUI_ADMIN_USERNAME: 'anna',
    BANGUI_ADMIN_PASSWORD: 'correct horse battery',
    BANGUI_SSHD_LOG: join(dir, 'auth.log'),
  };
  const elsewhere = { ...own, BANGUI_FAIL2BAN_SOCKET: join(dir, 'none.sock'), BANGUI_SECRET_KEY: testSecretKey };
  const all = [
    own,
    { ...elsewhere, BANGUI_DATABASE_URL: `${postgres.url}/postgres` },
    {
      ...elsewhere,
      BANGUI_DATABASE_PATH: join(dir, 'redis.sqlite3'),
      BANGUI_REDIS_URL: redis.url,
      BANGUI_SCHEDULER_LOCK: 'redis',
    },
  ];
  processes.push(...all.map((each) => ApiProcess.start({ PATH: process.env['PATH'] ?? '', ...each })));
  const [url] = await Promise.all(processes.map((each) => each.url()));
  await Promise.all(processes.map((each) => each.logged(/"event":"scheduler_lock_acquired"/)));
  port = new URL(url ?? '').port;
  // The texts call the program by its name, and mean the one that speaks to this machine's own server.
  await writeFile(
    join(dir, 'fail2ban-client'),
    `#!/bin/sh\nexec '${tools.client}' -c '${fail2ban.configDir}' -s '${fail2ban.socketPath}' "$@"\n`,
    { mode: 0o755 },
  );
  env = {
    ...own,
    PATH: [dir, join(checkout, 'node_modules/.bin'), process.env['PATH'] ?? ''].join(':'),
    HOME: dir,
    DATABASE: own.BANGUI_DATABASE_PATH,
    DATABASE_URL: `${postgres.url}/postgres`,
    // redis-cli takes no address without a user.
    REDIS_URL: redis.url.replace('//:', '//default:'),
    NEW_PASSWORD: 'another horse battery',
  };
  env['TOKEN'] = (await shell('bangui token create tests --scope feeds:read')).output.trim().split('\n').at(-1) ?? '';
  const revoked = await shell('bangui token create revoked --scope feeds:read >/dev/null 2>&1; bangui token list');
  env['ID'] = /[0-9a-f]{8}-[0-9a-f-]{27}(?=[^\n]*revoked)/.exec(revoked.output)?.[0] ?? '';
}, startLimitMs);

afterAll(async () => {
  for (const each of processes) each.kill('SIGKILL');
  await Promise.all(processes.map(({ exit }) => exit));
  await Promise.all([fail2ban[Symbol.asyncDispose](), redis.stop(), postgres.stop()]);
  await rm(dir, { recursive: true, force: true });
});

/** Runs a command as a reader would type it, in the checkout; only the port is this test's own. */
async function shell(command: string): Promise<Ran> {
  const child = execFile(
    '/bin/bash',
    ['-o', 'pipefail', '-c', command.replaceAll(/(localhost|127\.0\.0\.1):8000/g, `127.0.0.1:${port}`)],
    { cwd: checkout, env, timeout: limitMs, maxBuffer: 1024 * 1024 },
  );
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.setEncoding('utf8').on('data', (text: string) => (output += text));
  const [status] = (await once(child, 'close')) as [number | null];
  return { status, output };
}

const list = new Map(readCommandList(checkout).map((entry) => [entry.command, entry]));

/** What this test runs, in the order of the texts: there somebody looks first and deletes afterwards. */
const running = (language: 'sh' | 'sql'): CommandEntry[] => {
  const commands = documentedCommands(checkout).filter((each) => each.language === language);
  return [...new Set(commands.map(({ command }) => command))].flatMap((command) => {
    const entry = list.get(command);
    return entry?.runs ? [entry] : [];
  });
};

describe('commands of the documentation', () => {
  it.each(running('sh'))('succeeds: $command', async ({ command, prints = '' }) => {
    const { status, output } = await shell(command);
    expect(output).toContain(prints);
    expect({ status, output }).toMatchObject({ status: 0 });
  });

  it.each(
    running('sql').flatMap(({ command, prints = '', on }) =>
      (['sqlite', 'postgres'] as const)
        .filter((kind) => on === undefined || on === kind)
        .map((kind) => ({ command, prints, kind })),
    ),
  )('is a statement that $kind knows: $command', async ({ command, prints, kind }) => {
    const program = kind === 'sqlite' ? 'sqlite3 "$DATABASE"' : 'psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f -';
    await writeFile(join(dir, 'statement.sql'), `${command};\n`);
    const { status, output } = await shell(`${program} < '${join(dir, 'statement.sql')}'`);
    expect({ status, output }).toMatchObject({ status: 0, output: expect.stringContaining(prints) as unknown });
  });

  it('that clear the lock are safe: each BanGUI takes it again, under a higher token', async () => {
    await Promise.all(
      processes.map(async (each) => {
        const before = await each.logged(/"event":"scheduler_lock_acquired".*?"token":(\d+)/);
        const lost = await each.logged(/"event":"scheduler_lock_heartbeat_lost"/);
        const after = await each.logged(/"event":"scheduler_lock_acquired".*?"token":(\d+)/, lost.index);
        expect(Number(after[1])).toBeGreaterThan(Number(before[1]));
      }),
    );
  });
});
