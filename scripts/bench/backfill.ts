import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Fail2banClient } from '@bangui/fail2ban';
import { fail2banTools, PrivateFail2ban } from '@bangui/fail2ban/testing';
import { Network } from '@bangui/ip';
import { ApiProcess, processorTime } from './api-process.ts';
import { type Figure, atMost, until } from './measure.ts';

/** Bans that fail2ban's database holds when BanGUI starts for the first time. */
const OLD_BANS = 100_000;
/** Bans that fail2ban makes while they are taken in. */
const NEW_BANS = 1_000;
const PER_COMMAND = 50;
/** Milliseconds between two looks at the API meanwhile. */
const LOOK_EVERY_MS = 10;
/** Milliseconds between two counts of what it has. */
const COUNT_EVERY_MS = 200;

/** Bans of the last half day, all over by now, as fail2ban itself writes them: five matched lines each. */
const FILL = `
import sqlite3, sys, json, time
db = sqlite3.connect(sys.argv[1])
count = int(sys.argv[2])
now = int(time.time())
lines = ["Nov 22 12:00:00 host sshd[1]: Failed password for root from 10.0.0.1 port 22 ssh2"] * 5
data = json.dumps({"matches": lines, "failures": 5})
db.executemany("INSERT INTO bans(jail, ip, timeofban, bantime, bancount, data) VALUES('web', ?, ?, 600, 1, ?)",
  (("10.%d.%d.%d" % (i >> 16, (i >> 8) & 255, i & 255), now - 43200 + i * 40000 // count, data) for i in range(count)))
db.commit()
`;
const COUNT = `
import sqlite3, sys
print(sqlite3.connect(sys.argv[1]).execute("SELECT count(*) FROM bans WHERE jail = 'manual'").fetchone()[0])
`;

/** The first start beside a fail2ban that has 100,000 bans and makes more: how long, and whether both go on working. */
export async function measureBackfill(): Promise<Figure[]> {
  await using fail2ban = await PrivateFail2ban.start();
  const database = join(fail2ban.dir, 'run', 'f2b.sqlite3');
  const python = async (program: string, ...args: string[]): Promise<string> =>
    (await promisify(execFile)(fail2banTools().python, ['-c', program, database, ...args])).stdout.trim();
  await python(FILL, String(OLD_BANS));
  const api = await ApiProcess.start(fail2ban);
  try {
    const startedAt = performance.now();
    const processorBefore = await processorTime(api.pid);
    const cookie = await api.signIn();
    const state = { isDone: false };
    const looks: number[] = [];
    const looking = (async () => {
      while (!state.isDone) {
        const start = performance.now();
        await fetch(`${api.url}/api/health/live`).then((response) => response.text());
        looks.push(performance.now() - start);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    })();
    const banning = banMeanwhile(fail2ban);
    await until(
      120_000,
      'the whole of it',
      async () => ((await bansOf(api, cookie)) >= OLD_BANS + NEW_BANS ? true : undefined),
      // Each question is work for the API, which has enough.
      COUNT_EVERY_MS,
    );
    const processor = (await processorTime(api.pid)) - processorBefore;
    const tookMs = performance.now() - startedAt;
    state.isDone = true;
    await looking;
    await banning;
    const archived = await bansOf(api, cookie);
    const kept = Number(await python(COUNT));
    return [
      atMost('100,000 bans of a real fail2ban taken in', tookMs / 1_000, 10, 's'),
      { name: 'processor time of the API for it', value: `${processor.toFixed(1)} s` },
      atMost('slowest answer of /api/health/live meanwhile', Math.max(...looks), 50, 'ms', 0),
      atMost('of 1,000 bans meanwhile lost by fail2ban', NEW_BANS - kept, 0, 'bans', 0),
      atMost('of 101,000 bans missing in the archive', OLD_BANS + NEW_BANS - archived, 0, 'bans', 0),
    ];
  } finally {
    await api.stop();
  }
}

async function banMeanwhile(fail2ban: PrivateFail2ban): Promise<void> {
  const side = new Fail2banClient({ socketPath: fail2ban.socketPath });
  for (let first = 0; first < NEW_BANS; first += PER_COMMAND) {
    const networks: Network[] = [];
    for (let host = first; host < first + PER_COMMAND; host++) {
      const network = Network.parse(`198.18.${host >> 8}.${host & 255}`);
      if (network !== undefined) networks.push(network);
    }
    await side.ban('manual', networks);
  }
  await side.close();
}

/** Bans that the archive holds of the last two days. */
async function bansOf(api: ApiProcess, cookie: string): Promise<number> {
  const to = Date.now() + 60_000;
  const response = await fetch(`${api.url}/api/v1/dashboard/by-jail?from=${to - 2 * 86_400_000}&to=${to}`, {
    headers: { cookie },
  });
  if (!response.ok) throw new Error(`by-jail: ${response.status} ${await response.text()}`);
  const ranking: unknown = await response.json();
  if (typeof ranking !== 'object' || ranking === null || !('total' in ranking)) throw new Error('by-jail: no total');
  return Number(ranking.total);
}
