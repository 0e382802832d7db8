import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { Fail2banClient } from '@bangui/fail2ban';
import { PrivateFail2ban } from '@bangui/fail2ban/testing';
import { Network } from '@bangui/ip';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { ApiClient } from './api-client.ts';
import { ApiProcess } from './api-process.ts';
import { EventStream, type ReceivedEvent } from './event-stream.ts';
import { eventually, toolSettings } from './fail2ban-api.ts';
import { isWritten, rowsOf } from './fail2ban-rows.ts';
import { freePort } from '../../../scripts/lib/free-port.ts';
import { adminCredentials } from './harness.ts';

/** The long form of `make torture` is what the documentation tells; the short one is for every run. */
const isLong = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 1) > 10;
const plan = isLong
  ? { changes: 2_000, restarts: 5, kills: 5, cuts: 20 }
  : { changes: 200, restarts: 1, kills: 2, cuts: 5 };
const seed = Number(process.env['BANGUI_TEST_SEED'] ?? Date.now() % 1_000_000);
const addresses = 60;

/** Numbers from 0 to 1 that are the same for the same seed (mulberry32). */
function randomNumbers(start: number): () => number {
  let state = start;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** A browser that comes back after each cut with the last id it has seen. */
class Browser {
  readonly seen: ReceivedEvent[] = [];
  private stream: EventStream | undefined;
  private lastId = '';
  private isClosed = false;
  private readonly loop: Promise<void>;

  constructor(private readonly client: ApiClient) {
    this.loop = this.run();
  }

  cut(): void {
    this.stream?.close();
  }

  async close(): Promise<void> {
    this.isClosed = true;
    this.cut();
    await this.loop;
  }

  get isOpen(): boolean {
    return this.lastId !== '';
  }

  /** Everything so far, also of the open stream. */
  all(): ReceivedEvent[] {
    return [...this.seen, ...(this.stream?.events ?? [])];
  }

  private hasClosed(): boolean {
    return this.isClosed;
  }

  private async run(): Promise<void> {
    while (!this.hasClosed()) {
      try {
        this.stream = await EventStream.open(this.client, this.lastId === '' ? {} : { 'Last-Event-ID': this.lastId });
      } catch {
        // The API is being started.
        await pause(20);
        continue;
      }
      const { stream } = this;
      while (!stream.hasEnded) {
        this.lastId = stream.lastId === '' ? this.lastId : stream.lastId;
        await pause(5);
      }
      this.lastId = stream.lastId === '' ? this.lastId : stream.lastId;
      this.seen.push(...stream.events);
      this.stream = undefined;
    }
  }
}

let dir: string;
let fail2ban: PrivateFail2ban;
let api: ApiProcess;
let browser: Browser | undefined;
const commands: Fail2banClient[] = [];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-chaos-'));
  fail2ban = await PrivateFail2ban.start();
});
afterEach(async () => {
  await browser?.close();
  for (const client of commands) await client.close();
  api.kill('SIGKILL');
  await api.exit;
  await fail2ban[Symbol.asyncDispose]();
  await rm(dir, { recursive: true, force: true });
});

/** What the archive has, oldest first. */
function archive(): { id: number; action: string; address: string; at: number }[] {
  return rowsOf(join(dir, 'bangui.sqlite3'), 'SELECT id, action, address, at FROM history_archive ORDER BY id');
}

/** Whether what happened before BanGUI came has been taken in; it is not told one by one. */
function hasBegun(): boolean {
  return rowsOf(join(dir, 'bangui.sqlite3'), `SELECT name FROM history_sync WHERE name = 'began'`).length === 1;
}

/** Changes by address, in order. */
function byAddress(
  changes: readonly { readonly action: string; readonly address: string }[],
): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const { action, address } of changes) (found[address] ??= []).push(action);
  return found;
}

it(`has and tells each ban and unban once (seed ${seed})`, { timeout: isLong ? 900_000 : 180_000 }, async () => {
  const port = await freePort();
  const start = (): ApiProcess =>
    ApiProcess.start({
      BANGUI_PORT: String(port),
      BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
      BANGUI_FAIL2BAN_SOCKET: fail2ban.socketPath,
      BANGUI_FAIL2BAN_CONFIG_DIR: fail2ban.configDir,
      BANGUI_ADMIN_USERNAME: adminCredentials.username,
      BANGUI_ADMIN_PASSWORD: adminCredentials.password,
      ...toolSettings(),
    });
  api = start();
  const client = new ApiClient(await api.url());
  await client.signIn(adminCredentials);
  await eventually(() => expect(hasBegun()).toBe(true));
  browser = new Browser(client);
  await eventually(() => expect(browser?.isOpen).toBe(true));
  let socket = new Fail2banClient({ socketPath: fail2ban.socketPath });
  commands.push(socket);

  const random = randomNumbers(seed);
  const at = (count: number): Set<number> =>
    new Set(Array.from({ length: count }, (_, index) => Math.floor(((index + random()) * plan.changes) / count)));
  const [restarts, kills, cuts] = [at(plan.restarts), at(plan.kills), at(plan.cuts)];
  const inForce = new Set<string>();
  const truth: { action: string; address: string }[] = [];
  for (let change = 0; change < plan.changes; change += 1) {
    if (restarts.has(change)) {
      await socket.close();
      await fail2ban.restart();
      socket = new Fail2banClient({ socketPath: fail2ban.socketPath });
      commands.push(socket);
      const restarted = socket;
      // Bans come back one after the other; until then an address is not banned, and could be banned anew.
      await eventually(async () => {
        const { currentlyBanned } = await restarted.status('manual', 'short');
        expect(currentlyBanned).toBe(inForce.size);
      });
    }
    if (kills.has(change)) {
      api.kill('SIGKILL');
      await api.exit;
      api = start();
    }
    if (cuts.has(change)) browser.cut();
    const address = `192.0.2.${Math.floor(random() * addresses)}`;
    const network = Network.parse(address);
    if (!network) throw new Error(address);
    const isBan = !inForce.has(address);
    if (!isBan) await eventually(() => expect(isWritten(fail2ban, 'manual', address)).toBe(true));
    expect(await (isBan ? socket.ban('manual', [network]) : socket.unban('manual', [network]))).toBe(1);
    truth.push({ action: isBan ? 'ban' : 'unban', address });
    if (isBan) inForce.add(address);
    else inForce.delete(address);
    // Sometimes there is time to look, mostly there is none.
    if (random() < 0.1) await pause(random() * 100);
  }

  const isIn = () => expect(byAddress(archive())).toEqual(byAddress(truth));
  await eventually(isIn, 40_000);
  const stored = archive();
  const told = (): number[] =>
    (browser?.all() ?? [])
      .filter(({ event }) => event === 'ban' || event === 'unban')
      .map(({ data }) => Number(data['id']));
  await eventually(
    () => expect(told().toSorted((one, other) => one - other)).toEqual(stored.map(({ id }) => id)),
    20_000,
  );
  expect(told()).toEqual(stored.map(({ id }) => id));
  expect(browser.all().filter(({ event }) => event === 'resync')).toEqual([]);
  console.log(`chaos: seed ${seed}, ${JSON.stringify(plan)}`);
});
