import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { prepareFail2ban } from './lib/fail2ban-package.ts';
import { freePort } from './lib/free-port.ts';
import { checkout } from './lib/paths.ts';
import { run } from './lib/programs.ts';

const patience = { timeout: 30_000, interval: 50 };
let dir: string;
let started: ChildProcess[];

beforeAll(() => {
  if (!existsSync(join(checkout, 'apps/api/dist/bundle/main.js')))
    throw new Error('BanGUI is not built. Run: npm run build');
});
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-run-'));
  started = [];
});
afterEach(async () => {
  for (const child of started) child.kill('SIGKILL');
  await vi.waitUntil(() => processesOfRun().length === 0, patience);
  await rm(dir, { recursive: true, force: true });
});

/** Starts `make run` with a private fail2ban in the test's folder. */
function start(port: number): { child: ChildProcess; output: () => string; serves: () => Promise<void> } {
  const script = join(import.meta.dirname, 'run.ts');
  const env = { ...process.env, BANGUI_PORT: String(port), BANGUI_HOST: '127.0.0.1' };
  const child = spawn(process.execPath, [script, '--demo', '--dir', dir], { env, stdio: ['ignore', 'pipe', 'pipe'] });
  started.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const serves = async () => {
    await vi.waitUntil(() => output.includes('Ctrl-C stops everything.') || child.exitCode !== null, patience);
    expect(output).toContain('Ctrl-C stops everything.');
  };
  return { child, output: () => output, serves };
}

/** Command lines of all processes that know of this test's folder. */
function processesOfRun(): string[] {
  const found: string[] = [];
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    if (Number(pid) === process.pid) continue;
    try {
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
      if (command.includes(dir) || readFileSync(`/proc/${pid}/environ`, 'utf8').includes(dir)) found.push(command);
    } catch {
      // It ended meanwhile, or is somebody else's.
    }
  }
  return found;
}

/** The lasting ones among them; the API also runs fail2ban's programs for a moment now and then. */
function serversOfRun(): string[] {
  const commands = processesOfRun();
  const count = (part: string) => commands.filter((command) => command.includes(part)).length;
  return [
    ...Array<string>(count('apps/api/dist/bundle/main.js')).fill('API'),
    ...Array<string>(count('-server\0')).fill('fail2ban'),
  ];
}

/** A program that the API had started may outlive it for a moment; a server does not end by itself. */
async function expectNothing(): Promise<void> {
  await vi.waitFor(() => expect(processesOfRun()).toEqual([]), patience);
}

/** What fail2ban starts looks like another fail2ban until it is the program that it becomes. */
async function expectServers(): Promise<void> {
  await vi.waitFor(() => expect(serversOfRun()).toEqual(['API', 'fail2ban']), patience);
}

test('serves with a private fail2ban that bans made-up attackers, and leaves nothing running when told to stop', async () => {
  const port = await freePort();
  const { child, output, serves } = start(port);
  await serves();
  expect(output()).toContain(`http://localhost:${port}`);
  expect(output().trim().split('\n').length).toBeLessThan(20);
  expect((await fetch(`http://127.0.0.1:${port}/api/health/live`)).status).toBe(200);
  await expectServers();

  const { client } = await prepareFail2ban();
  const banned = () => run(client, ['-c', join(dir, 'demo/config'), 'banned']);
  await vi.waitUntil(async () => /'sshd': \['.*'nginx-http-auth': \['/.test(await banned()), patience);

  child.kill('SIGTERM');
  expect((await once(child, 'exit'))[0]).toBe(0);
  await expectNothing();
}, 120_000);

test('leaves nothing running when it is killed, and starts again', async () => {
  const port = await freePort();
  const first = start(port);
  await first.serves();
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  // At once, while the old fail2ban may still be on its way out.
  const second = start(port);
  await second.serves();
  await expectServers();
  second.child.kill('SIGINT');
  expect((await once(second.child, 'exit'))[0]).toBe(0);
  await expectNothing();
}, 120_000);

test('says in one line that its port is taken, before anything is started', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  try {
    const { child, output } = start(port);
    expect((await once(child, 'exit'))[0]).toBe(1);
    expect(output().trim().split('\n')).toHaveLength(1);
    expect(output()).toContain(`Port ${port} on 127.0.0.1 is in use`);
    expect(existsSync(join(dir, 'demo'))).toBe(false);
  } finally {
    server.close();
  }
});
