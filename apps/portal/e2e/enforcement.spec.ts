import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type Page } from '@playwright/test';
import { NetworkPair } from '../../enforcer/src/testing/network-pair.ts';
import { expectNoFaults } from './axe.ts';
import { expect, signIn, test } from './fixtures.ts';

const command = resolve(import.meta.dirname, '../../enforcer/bin/bangui-enforcer.mjs');
const folder = mkdtempSync(join(tmpdir(), 'bgui-'));
const socket = join(folder, 'enforcer.sock');
const [listed, good] = ['45.10.20.1', '45.10.30.1'];

test.use({
  stackOptions: { env: { BANGUI_ENFORCER_SOCKET: socket, BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8' } },
});
// A firewall is changed and asked several times, which takes a busy machine its time.
test.describe.configure({ mode: 'serial', timeout: 150_000 });
test.afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** The real enforcer with a firewall of its own. */
class Enforcer implements AsyncDisposable {
  readonly pair: NetworkPair;
  private readonly child: ChildProcess;
  private readonly stateDir: string;

  private constructor(pair: NetworkPair, child: ChildProcess, stateDir: string) {
    this.pair = pair;
    this.child = child;
    this.stateDir = stateDir;
  }

  static async start(env: Readonly<Record<string, string>> = {}): Promise<Enforcer> {
    if (!existsSync(resolve(command, '../../dist/main.js')))
      throw new Error('The enforcer is not built: run `npm run build`.');
    const pair = await NetworkPair.open([listed, good]);
    const stateDir = mkdtempSync(join(tmpdir(), 'bgui-state-'));
    const [program, ...words] = [...pair.intoHost, process.execPath, command];
    const child = spawn(program, words, {
      env: {
        PATH: '/usr/sbin:/usr/bin:/sbin:/bin',
        ...{ BANGUI_ENFORCER_SOCKET: socket, BANGUI_ENFORCER_STATE_DIR: stateDir },
        ...{ BANGUI_ENFORCER_NAME: 'gate <i>1</i>', BANGUI_ENFORCER_CHECK_SECONDS: '1', ...env },
      },
      stdio: 'ignore',
    });
    return new Enforcer(pair, child, stateDir);
  }

  /** Whether the machine answers to this address. */
  async answers(source: string): Promise<boolean> {
    return (await this.pair.ping(source)).received === 1;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = once(this.child, 'exit');
    this.child.kill('SIGKILL');
    await ended;
    this.pair.close();
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

/** Subscribes to a list with the listed address, and imports it. */
async function enforceList(page: Page): Promise<AsyncDisposable> {
  const publisher = createServer((_, response) => response.end('45.10.20.0/24\n'));
  publisher.listen(0, '127.0.0.1');
  await once(publisher, 'listening');
  const { port } = publisher.address() as AddressInfo;
  await signIn(page, '/blocklists');
  await page.getByRole('button', { name: 'Add blocklist' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Address', { exact: true }).fill(`http://127.0.0.1:${String(port)}/list.txt`);
  await dialog.getByLabel('Name', { exact: true }).fill('Ours');
  await dialog.getByRole('button', { name: 'Add', exact: true }).click();
  const row = page.getByRole('row', { name: /Ours/ });
  await row.getByRole('button', { name: 'Run now' }).click();
  await expect(row).toContainText('healthy');
  await page.goto('/enforcement');
  return {
    async [Symbol.asyncDispose]() {
      publisher.closeAllConnections();
      await new Promise((done) => publisher.close(done));
    },
  };
}

const row = (page: Page) => page.getByRole('row', { name: /^gate <i>1<\/i>/ });

test('keeps a first activation that is confirmed in time, and drops where it is told to', async ({ page }) => {
  await using ends = new AsyncDisposableStack();
  ends.use(await enforceList(page));
  const enforcer = ends.use(await Enforcer.start());
  await expect(row(page)).toContainText('on trial');
  await expect(page.getByText('gate <i>1</i>: on trial')).toBeVisible();
  await expectNoFaults(page, '/enforcement');
  expect([await enforcer.answers(listed), await enforcer.answers(good)]).toEqual([false, true]);
  await row(page)
    .getByRole('button', { name: /^Keep it \(.* left\)$/ })
    .click();
  await expect(page.getByText('gate <i>1</i> keeps what it holds.')).toBeVisible();
  await expect(row(page)).toContainText('holds what is wanted');
  await expect(row(page).getByRole('button')).toHaveCount(0);

  const rules = async (table: string): Promise<string> => enforcer.pair.host.run('iptables', ['-w', '-t', table, '-S']);
  expect(await rules('raw')).toContain('bangui');
  const change = async (name: string): Promise<void> => {
    await page.getByRole('button', { name }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Change', exact: true }).click();
    await expect(page.getByText('The enforcers follow with their next report.').last()).toBeVisible();
  };
  await change('Let answers through…');
  await expect(page.getByText('After replies.')).toBeVisible();
  await expect.poll(() => rules('filter')).toContain('bangui');
  await expect.poll(() => rules('raw')).not.toContain('--match-set');
  await expect(row(page)).toContainText('holds what is wanted');
  expect([await enforcer.answers(listed), await enforcer.answers(good)]).toEqual([false, true]);

  await change('Drop before everything else…');
  await expect.poll(() => rules('raw')).toContain('--match-set');
  await expect(row(page)).toContainText('holds what is wanted');
  expect([await enforcer.answers(listed), await enforcer.answers(good)]).toEqual([false, true]);
});

test('undoes a first activation that nobody confirms, says so, and tries again after a resync', async ({ page }) => {
  await using ends = new AsyncDisposableStack();
  ends.use(await enforceList(page));
  const enforcer = ends.use(await Enforcer.start({ BANGUI_ENFORCER_TRIAL_SECONDS: '15' }));
  // The trial is as long as a busy browser may take to press a button, so its end takes longer than other waits.
  await expect(row(page)).toContainText('undone, because nobody confirmed', { timeout: 40_000 });
  expect(await enforcer.answers(listed)).toBe(true);
  await page.getByRole('button', { name: 'Resync' }).click();
  await expect(row(page)).toContainText('on trial');
  await row(page)
    .getByRole('button', { name: /^Keep it/ })
    .click();
  await expect(row(page)).toContainText('holds what is wanted');
  expect(await enforcer.answers(listed)).toBe(false);
});
