import { execFile } from 'node:child_process';
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkout } from './lib/paths.ts';

const run = promisify(execFile);
const units = join(checkout, 'packaging/systemd');
const names = ['bangui.service', 'bangui-enforcer.service'] as const;
/** Debian's group without members; a group of one's own may always be given away to. */
const noGroup = 65_534;

let dir: string;
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-units-'));
});
afterEach(() => rm(dir, { recursive: true, force: true }));

/** `systemd-analyze`; rejects with what to install when there is none. */
async function analyze(...args: string[]): Promise<string> {
  const { stdout, stderr } = await run('/usr/bin/systemd-analyze', args).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    throw new Error('systemd-analyze is not installed: apt-get install --no-install-recommends systemd');
  });
  return `${stdout}${stderr}`;
}

describe('the systemd units', () => {
  it.each(names)('of %s are understood, every line of them', async (name) => {
    // What they run is where BanGUI is installed; here that is the checkout.
    const text = (await readFile(join(units, name), 'utf8')).replaceAll('/opt/bangui', checkout);
    await writeFile(join(dir, name), text);
    expect((await analyze('verify', join(dir, name))).trim()).toBe('');
  });

  it.each([
    ['bangui.service', 2.5],
    ['bangui-enforcer.service', 2.7],
  ])('of %s leave it no more than it needs: an exposure of %d of 10', async (name, most) => {
    const told = await analyze('security', '--offline=true', join(units, name));
    const exposure = /Overall exposure level for \S+ ([\d.]+)/.exec(told)?.[1];
    expect(Number(exposure)).toBeLessThanOrEqual(most);
  });

  it.each(names)('of %s start programs that are there', async (name) => {
    const text = await readFile(join(units, name), 'utf8');
    const command = /^ExecStart=(\S+) (\S+)$/m.exec(text);
    for (const path of command?.slice(1) ?? []) {
      expect((await stat(path.replace('/opt/bangui', checkout))).isFile()).toBe(true);
    }
    expect(command).not.toBeNull();
  });

  it('read their settings and write their data where the guide says', async () => {
    const guide = await readFile(join(checkout, 'docs/guide/install-bare-metal.md'), 'utf8');
    for (const name of names) {
      const text = await readFile(join(units, name), 'utf8');
      for (const [, path = ''] of text.matchAll(/^EnvironmentFile=(\S+)$/gm)) expect(guide).toContain(path);
    }
  });
});

describe('the command line', () => {
  it('gets its arguments as they are, as the user and with the settings of the service', async () => {
    // Root has it started by systemd, anybody else starts it; here both only say what they were told.
    const text = (await readFile(join(units, 'bangui'), 'utf8')).replace('/opt/bangui/node_modules/.bin/node', 'node');
    await writeFile(join(dir, 'bangui'), text, { mode: 0o755 });
    for (const name of ['node', 'systemd-run', 'id']) {
      await writeFile(
        join(dir, name),
        `#!/bin/sh\n${name === 'id' ? 'echo "$TEST_UID"' : `printf '%s\\n' ${name} "$@"`}\n`,
        {
          mode: 0o755,
        },
      );
    }
    const told = async (uid: number): Promise<string[]> => {
      const env = { PATH: `${dir}:/usr/bin:/bin`, TEST_UID: String(uid) };
      const { stdout } = await run(join(dir, 'bangui'), ['admin', 'reset-password', 'a b; c'], { env });
      return stdout.trim().split('\n');
    };
    const command = ['node', '/opt/bangui/apps/api/bin/bangui.mjs', 'admin', 'reset-password', 'a b; c'];
    expect(await told(1000)).toEqual(command);
    const asRoot = await told(0);
    expect(asRoot.slice(-command.length)).toEqual(command);
    expect(asRoot).toEqual(
      expect.arrayContaining(['systemd-run', '--uid=bangui', '--property=EnvironmentFile=/etc/bangui/bangui.env']),
    );
  });
});

describe('grant-socket', () => {
  const grant = join(units, 'grant-socket');

  it('gives the group the socket of a fail2ban that has just begun, and its database', async () => {
    const group = process.getuid?.() === 0 ? noGroup : (process.getgid?.() ?? noGroup);
    const database = join(dir, 'fail2ban.sqlite3');
    await writeFile(database, '');
    await chmod(database, 0o600);
    await using fail2ban = await PrivateFail2ban.start();
    await chmod(fail2ban.socketPath, 0o700);
    await run(grant, [fail2ban.socketPath, database, String(group)]);
    const [socket, file] = await Promise.all([stat(fail2ban.socketPath), stat(database)]);
    expect([socket.mode & 0o777, socket.gid, file.mode & 0o777, file.gid]).toEqual([0o660, group, 0o640, group]);
  });

  it('waits for the socket', async () => {
    const group = String(process.getgid?.() ?? noGroup);
    const path = join(dir, 'late.sock');
    const granted = run(grant, [path, join(dir, 'none'), group]);
    // It sleeps between two looks: by then it has found no socket.
    const children = `/proc/${granted.child.pid}/task/${granted.child.pid}/children`;
    while ((await readFile(children, 'utf8')) === '') expect(granted.child.exitCode).toBeNull();
    const server = createServer().listen(path);
    await granted;
    expect((await stat(path)).mode & 0o777).toBe(0o660);
    server.close();
  });
});
