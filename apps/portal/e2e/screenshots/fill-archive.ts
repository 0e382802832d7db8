import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { Network } from '@bangui/ip';
import BetterSqlite from 'better-sqlite3';
import { openArchive } from '../../../../scripts/bench/archive/built-api.ts';
import { insertRows } from '../../../../scripts/bench/archive/fill.ts';
import { type Stack } from '../bangui.ts';
import { type ExampleBan, exampleBans } from './example-bans.ts';

const HOUR_MS = 3_600_000;
const COLUMNS = [
  'jail',
  'address',
  'address_key',
  'prefix',
  'action',
  'at',
  'duration',
  'ban_count',
  'failures',
  'matches',
  'origin',
  'cause',
  'actor',
  'reason',
  'country',
  'asn',
  'organisation',
] as const;
/** fail2ban forgets what is older than a day. */
const KEPT_BY_FAIL2BAN_MS = 20 * HOUR_MS;

type Row = readonly (string | number | null)[];

/**
 * Puts bans of the last `days` into the archive of a stack, and those that still last into its fail2ban. The API and
 * fail2ban are started anew.
 */
export async function fillWithBans(stack: Stack, days: number): Promise<void> {
  const now = Date.now();
  const bans = exampleBans(days, now);
  const lasting = bans.filter((ban) => isLasting(ban, now));
  const latest = new Map(lasting.map((ban) => [`${ban.jail} ${ban.address}`, ban]));
  await stack.killApi();
  await stack.fail2ban.stop();
  writeToFail2ban(stack.fail2ban, [...latest.values()]);
  const over = bans.filter((ban) => !isLasting(ban, now));
  await insertRows(stack.databasePath, COLUMNS, eventsOf(over, now));
  countFailures(stack.databasePath, bans);
  const archive = await openArchive({ databasePath: stack.databasePath });
  await archive.writer.rebuildRollUps();
  await archive.database.close();
  await stack.fail2ban.restart();
  await stack.startApi();
}

function isLasting(ban: ExampleBan, now: number): boolean {
  return ban.at + ban.duration * 1000 > now && ban.at > now - KEPT_BY_FAIL2BAN_MS;
}

/** Every ban and how it ended, in order of time. */
function eventsOf(bans: readonly ExampleBan[], now: number): Row[] {
  const rows: [at: number, row: Row][] = [];
  bans.forEach((ban, index) => {
    const { network, address, at } = ban;
    const key = Buffer.from(Network.parse(address)?.key() ?? []).toString('hex');
    const place = [network.country, network.asn, network.organisation];
    const matches = JSON.stringify(ban.matches);
    const numbers = [ban.duration, ban.banCount, ban.failures];
    const same = [ban.jail, address, key, 128];
    rows.push([at, [...same, 'ban', at, ...numbers, matches, 'selfblock', null, null, null, ...place]]);
    const planned = at + ban.duration * 1000;
    // A long ban that no longer lasts was lifted by somebody.
    const end = planned < now ? planned : at + (3 + (index % 16)) * HOUR_MS;
    const why = end === planned ? ['expired', null, null] : ['bangui', 'operator', 'the customer called'];
    rows.push([end, [...same, 'unban', end, null, null, null, '[]', 'selfblock', ...why, ...place]]);
  });
  return rows.sort(([one], [other]) => one - other).map(([, row]) => row);
}

/** Puts bans into a stopped fail2ban's database and log, as if it had made them; it goes on with those that last. */
export function writeToFail2ban(fail2ban: Stack['fail2ban'], bans: readonly Omit<ExampleBan, 'network'>[]): void {
  const database = new BetterSqlite(join(fail2ban.dir, 'run/f2b.sqlite3'));
  for (const table of ['bans', 'bips']) {
    const insert = database.prepare(
      `INSERT INTO ${table} (jail, ip, timeofban, bantime, bancount, data) VALUES (?, ?, ?, ?, ?, ?)`,
    );
    database.transaction(() => {
      for (const { jail, address, at, duration, banCount, failures, matches } of bans) {
        const data = JSON.stringify({ matches, failures });
        insert.run(jail, address, Math.floor(at / 1000), duration, banCount, data);
      }
    })();
  }
  database.close();
  const lines = bans.map(({ jail, address, at }) => {
    // fail2ban writes the time of its machine.
    const local = new Date(at - new Date(at).getTimezoneOffset() * 60_000).toISOString();
    const time = local.slice(0, 23).replace('T', ' ').replace('.', ',');
    return `${time} fail2ban.actions        [1]: NOTICE  [${jail}] Ban ${address}\n`;
  });
  appendFileSync(join(fail2ban.logDir, 'fail2ban.log'), lines.join(''));
}

/** What the jails counted: each ban's failures, and half as many that led to none. */
function countFailures(path: string, bans: readonly ExampleBan[]): void {
  const database = new BetterSqlite(path);
  const insert = database.prepare(
    `INSERT INTO jail_counter (server, bucket, jail, failures) VALUES ('local', ?, ?, ?)
     ON CONFLICT (server, bucket, jail) DO UPDATE SET failures = failures + excluded.failures`,
  );
  database.transaction(() => {
    for (const { jail, at, failures } of bans) {
      const second = Math.floor(at / 1000);
      insert.run(second - (second % 300), jail, failures + (failures >> 1));
    }
  })();
  database.close();
}
