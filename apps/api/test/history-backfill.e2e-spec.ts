import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fail2banTools, PrivateFail2ban } from '@bangui/fail2ban/testing';
import { afterEach, describe, expect, it } from 'vitest';
import { HistoryRepository } from '../src/features/history/index.ts';
import { Fail2banDatabase } from '../src/features/history/sync/fail2ban-database.ts';
import { archived } from './archived.ts';
import { eventually, toolSettings } from './fail2ban-api.ts';
import { rowsOf } from './fail2ban-rows.ts';
import { type RunningApi, startApi } from './harness.ts';

/** Puts bans into a fail2ban's own database: `count` of them in the last half day, all over by now. */
const manyRows = `
import sqlite3, sys, json, time
db = sqlite3.connect(sys.argv[1])
count = int(sys.argv[2])
now = int(time.time())
lines = ["Nov 22 12:00:00 host sshd[1]: Failed password for root from 10.0.0.1 port 22 ssh2"] * 5
data = json.dumps({"matches": lines, "failures": 5})
db.executemany("INSERT INTO bans(jail, ip, timeofban, bantime, bancount, data) VALUES(?, ?, ?, 600, 1, ?)",
  (("web", "10.%d.%d.%d" % (i >> 16, (i >> 8) & 255, i & 255), now - 43200 + i * 40000 // count, data) for i in range(count)))
db.commit()
`;
/** One ban with the given matches, as a hostile or damaged database might have it. */
const oneRow = `
import sqlite3, sys, time
db = sqlite3.connect(sys.argv[1])
db.execute("INSERT INTO bans(jail, ip, timeofban, bantime, bancount, data) VALUES('web', ?, ?, 600, 1, CAST(? AS TEXT))",
  (sys.argv[2], int(time.time()) - 7200, sys.stdin.buffer.read()))
db.commit()
`;

/** Bans in fail2ban's database: a short form unless `BANGUI_TEST_ROUNDS` asks for the long one. */
const count = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 1) > 10 ? 100_000 : 10_000;

describe('the first start of the archive', () => {
  let fail2ban: PrivateFail2ban;
  let api: RunningApi | undefined;

  afterEach(async () => {
    await api?.stop();
    api = undefined;
    await fail2ban[Symbol.asyncDispose]();
  });
  const database = () => join(fail2ban.dir, 'run', 'f2b.sqlite3');
  const python = (program: string, ...args: string[]) =>
    promisify(execFile)(fail2banTools().python, ['-c', program, database(), ...args]);

  it('takes in what there is, while fail2ban bans 1,000 addresses and loses none', { timeout: 200_000 }, async () => {
    fail2ban = await PrivateFail2ban.start();
    await python(manyRows, String(count));
    api = await startApi({ fail2ban, env: toolSettings() });
    const startedAt = performance.now();
    const history = api.app.get(HistoryRepository, { strict: false });
    const banned = (async () => {
      for (let group = 0; group < 20; group += 1) {
        await fail2ban.client(
          'set',
          'manual',
          'banip',
          ...Array.from({ length: 50 }, (_, last) => `192.0.${group}.${last}`),
        );
      }
    })();
    try {
      await eventually(
        async () => expect((await history.idSpan()).last).toBeGreaterThanOrEqual(count + 1_000),
        120_000,
      );
    } finally {
      await banned;
    }
    const tookMs = performance.now() - startedAt;
    // fail2ban may be behind with writing them: the lines of its log were there before.
    await eventually(() =>
      expect(rowsOf(database(), `SELECT count(*) AS bans FROM bans WHERE jail = 'manual'`)).toEqual([{ bans: 1_000 }]),
    );
    expect(fail2ban.serverLog()).not.toContain('database is locked');
    const running = api;
    const events = await eventually(async () => {
      const all = await archived(running);
      expect(all.filter(({ jail, action }) => jail === 'manual' && action === 'ban')).toHaveLength(1_000);
      return all;
    }, 20_000);
    const bans = events.filter(({ jail, action }) => jail === 'web' && action === 'ban');
    expect(new Set(bans.map(({ address }) => address)).size).toBe(count);
    expect(bans).toHaveLength(count);
    expect(bans[0]).toMatchObject({ failures: 5, duration: 600 });
    expect(bans[0]?.matches).toHaveLength(5);
    // For the documentation; under the load of other tests times say nothing.
    const longestMs = Math.round(running.app.get(Fail2banDatabase, { strict: false }).longestStatementMs);
    console.log(`back-fill of ${count} bans: ${Math.round(tookMs)} ms, longest statement ${longestMs} ms`);
  });

  it('keeps hostile matches as text', async () => {
    fail2ban = await PrivateFail2ban.start();
    const insert = async (address: string, data: Buffer) => {
      const child = promisify(execFile)(fail2banTools().python, ['-c', oneRow, database(), address]);
      child.child.stdin?.end(data);
      await child;
    };
    const matches = [
      '<script>alert(1)</script>',
      '\u001b[31mred\u0007',
      'null \u0000 byte',
      '=HYPERLINK("x")',
      'x'.repeat(1_000_000),
    ];
    await insert('192.0.2.1', Buffer.from(JSON.stringify({ matches, failures: 5 })));
    await insert('192.0.2.2', Buffer.from('{"matches":["lone \\ud800 surrogate"],"failures":1}'));
    await insert(
      '192.0.2.3',
      Buffer.concat([
        Buffer.from('{"matches":["bad '),
        Buffer.from([0xff, 0xfe, 0xed, 0xa0, 0x80]),
        Buffer.from('"],"failures":1}'),
      ]),
    );
    await insert('192.0.2.4', Buffer.from('{"matches":'));
    await insert(
      '192.0.2.5',
      Buffer.from(JSON.stringify({ matches: Array.from({ length: 12 }, () => 'y'.repeat(1_000_000)) })),
    );
    await insert('$(touch /tmp/x)', Buffer.from('{}'));
    api = await startApi({ fail2ban, env: toolSettings() });
    const running = api;
    const bans = await eventually(async () => {
      const all = (await archived(running)).filter(({ action }) => action === 'ban');
      expect(all).toHaveLength(5);
      return new Map(all.map((event) => [event.address, event]));
    });
    const stored = bans.get('192.0.2.1')?.matches ?? [];
    expect(stored[0]).toBe('<script>alert(1)</script>');
    expect(stored).toHaveLength(5);
    expect(stored[4]?.length).toBeLessThan(9_000);
    for (const event of bans.values()) expect(event.matches.every((match) => match.isWellFormed())).toBe(true);
    expect(bans.get('192.0.2.5')?.matches.at(-1)).toMatch(/^… \(\d+ more lines\)$/);
    expect(bans.get('192.0.2.4')?.matches).toEqual([]);
  });
});
