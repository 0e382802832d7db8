import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AddressSet } from '@bangui/ip';
import BetterSqlite from 'better-sqlite3';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Blocklist } from '../src/features/blocklists/blocklists.dto.ts';
import { ApiClient } from './api-client.ts';
import { ApiProcess } from './api-process.ts';
import { eventually } from './fail2ban-api.ts';
import { adminCredentials, testSecretKey } from './harness.ts';
import { ListPublisher } from './list-publisher.ts';

/** Kills; more with BANGUI_TEST_ROUNDS, at most 100. */
const rounds = Math.min(100, Number(process.env['BANGUI_TEST_ROUNDS'] ?? 5));
const seed = Number(process.env['BANGUI_TEST_SEED'] ?? Date.now() % 1_000_000);
/** Longest time from the request to the kill, in milliseconds: an import of this size takes less. */
const longestMs = 600;
/**
 * Longest time until an import is done again, in milliseconds: at once after the first kill, but where that one is killed too
 * only by its schedule, each minute, so that an import that ends BanGUI does not end it over and over.
 */
const doneAgainMs = 85_000;

let dir: string;
let publisher: ListPublisher;
let api: ApiProcess | undefined;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-crash-'));
  publisher = await ListPublisher.start();
});
afterAll(async () => {
  // A test that failed leaves it running.
  api?.kill('SIGKILL');
  await api?.exit;
  await publisher.stop();
  await rm(dir, { recursive: true, force: true });
});

/** 50,000 addresses that no other version has. */
const version = (number: number): string =>
  Array.from(
    { length: 50_000 },
    (_, index) => `${23 + number}.${1 + (index >> 15)}.${(index >> 7) & 255}.${(index & 127) * 2}`,
  ).join('\n');

/** Looks into the database as it was left, before anybody mends it. */
function expectWhole(path: string): void {
  const database = new BetterSqlite(path);
  const snapshots = database
    .prepare(
      `SELECT s.content_hash AS hash, s.ranges, s.packed, r.outcome FROM blocklist_snapshot s JOIN import_run r ON r.id = s.run_id`,
    )
    .all() as { hash: string; ranges: number; packed: Uint8Array; outcome: string }[];
  const count = (sql: string) => database.prepare(sql).pluck().get();
  expect(count('PRAGMA integrity_check')).toBe('ok');
  expect(count('SELECT count(*) FROM blocklist_snapshot')).toBe(snapshots.length);
  for (const { hash, ranges, packed, outcome } of snapshots) {
    const set = AddressSet.decode(packed);
    expect([set?.contentHash(), set?.rangeCount, outcome]).toEqual([hash, ranges, 'ok']);
    // One version and no part of another one.
    expect(set?.counts().addresses4).toBe(50_000);
  }
  expect(count(`SELECT count(*) FROM blocklist_wanted WHERE blocked IS NOT NULL`)).toBeLessThanOrEqual(1);
  database.close();
}

it(
  `is never half imported, whenever BanGUI is killed (seed ${seed})`,
  async () => {
    const env = {
      BANGUI_PORT: '0',
      BANGUI_DATABASE_PATH: join(dir, 'bangui.sqlite3'),
      BANGUI_SECRET_KEY: testSecretKey,
      BANGUI_FAIL2BAN_SOCKET: join(dir, 'no-fail2ban.sock'),
      BANGUI_ADMIN_USERNAME: adminCredentials.username,
      BANGUI_ADMIN_PASSWORD: adminCredentials.password,
      BANGUI_SOURCES_ALLOW_PRIVATE: '127.0.0.0/8',
    };
    const start = async () => {
      const started = (api = ApiProcess.start(env));
      const client = new ApiClient(await started.url());
      await client.signIn(adminCredentials);
      return { client, started };
    };
    let random = seed;
    const next = (): number => (random = (random * 1_103_515_245 + 12_345) % 2 ** 31) / 2 ** 31;
    publisher.publish('/list.txt', version(0));
    let { client, started } = await start();
    const body = {
      plugin: 'url-list',
      name: 'list',
      maxChangePercent: 10_000,
      config: { url: `${publisher.url}/list.txt` },
    };
    const { id } = (await eventually(() => client.post<Blocklist>('/api/v1/blocklists', body))).body;
    for (let round = 1; round <= rounds; round += 1) {
      publisher.publish('/list.txt', version(round));
      // The connection breaks with the process.
      const asked = client.post(`/api/v1/blocklists/${id}/run`).catch(() => undefined);
      await new Promise((resolve) => setTimeout(resolve, next() * longestMs));
      started.kill('SIGKILL');
      await Promise.all([asked, started.exit]);
      expectWhole(env.BANGUI_DATABASE_PATH);
      ({ client, started } = await start());
    }
    await eventually(async () => {
      const { body: list } = await client.get<Blocklist>(`/api/v1/blocklists/${id}`);
      expect(list).toMatchObject({ isRunning: false, ranges: 50_000 });
    }, doneAgainMs);
    publisher.publish('/list.txt', version(rounds + 1));
    await client.post(`/api/v1/blocklists/${id}/run`);
    await eventually(async () => {
      const { body: found } = await client.get(`/api/v1/blocklists/lookup?address=${24 + rounds}.1.0.76`);
      expect(found).toMatchObject({ items: [{ isWhole: true }], isBlocked: true });
    });
    started.kill('SIGKILL');
    await started.exit;
    expectWhole(env.BANGUI_DATABASE_PATH);
    const outcomes = new BetterSqlite(env.BANGUI_DATABASE_PATH, { readonly: true });
    const counted = outcomes.prepare('SELECT outcome, count(*) AS runs FROM import_run GROUP BY outcome').all();
    outcomes.close();
    console.log(`imports: seed ${seed}, ${rounds} kills, ${JSON.stringify(counted)}`);
    // A round starts the API anew, which takes seconds on a busy machine.
  },
  60_000 + doneAgainMs + rounds * 10_000,
);
