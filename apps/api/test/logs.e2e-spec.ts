import { execFile } from 'node:child_process';
import { appendFile, copyFile, mkdtemp, rename, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type LogPage } from '../src/features/logs/index.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { type RunningApi, startApi } from './harness.ts';

interface Problem {
  code: string;
}

const record = (index: number, text: string, level = 'INFO', part = 'filter'): string =>
  `2026-11-20 10:11:${String(index % 60).padStart(2, '0')},${String(index % 1000).padStart(3, '0')} fail2ban.${part.padEnd(14)} [812]: ${level.padEnd(7)} ${text}\n`;

describe("fail2ban's log of a running server", () => {
  let api: Fail2banApi;
  beforeAll(async () => {
    api = await startFail2banApi();
  });
  afterAll(() => api.stop());

  const page = async (query = ''): Promise<LogPage> => (await api.admin.get<LogPage>(`/api/v1/logs?${query}`)).body;

  it('is found by what the server says, and followed from its end', async () => {
    const { place, lines, newer } = await page();
    expect(place).toEqual({ kind: 'file', target: join(api.fail2ban.logDir, 'fail2ban.log'), reason: null });
    expect(lines.length).toBeGreaterThan(3);
    const started = lines.find(({ text }) => text.startsWith('Starting Fail2ban'));
    expect(started).toMatchObject({ level: 'INFO', component: 'fail2ban.server', jail: null, address: null });
    expect(Math.abs((started?.at ?? 0) - Date.now())).toBeLessThan(120_000);

    await api.fail2ban.client('set', 'web', 'banip', '203.0.113.77');
    const written = await eventually(async () => {
      const next = await page(`after=${newer ?? ''}`);
      expect(next.lines.map(({ text }) => text)).toContain('[web] Ban 203.0.113.77');
      return next;
    });
    expect(written.lines.find(({ text }) => text.includes('Ban'))).toMatchObject({
      level: 'NOTICE',
      jail: 'web',
      address: '203.0.113.77',
      component: 'fail2ban.actions',
    });
    expect((await page(`after=${written.newer ?? ''}`)).lines).toEqual([]);
    const found = await page('jail=web&level=NOTICE&address=203.0.113.77');
    expect(found.lines.map(({ text }) => text)).toEqual(['[web] Ban 203.0.113.77']);
  });

  it('is followed through a rotation by fail2ban, without losing or repeating a line', async () => {
    const log = join(api.fail2ban.logDir, 'fail2ban.log');
    let { newer } = await page('limit=1');
    const seen: string[] = [];
    const follow = async (): Promise<void> => {
      const next = await page(`after=${newer ?? ''}&jail=manual`);
      expect(next.hasGap).toBe(false);
      seen.push(...next.lines.map(({ text }) => text));
      newer = next.newer;
    };
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.1');
    await rename(log, `${log}.1`);
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.2');
    await api.fail2ban.client('flushlogs');
    await api.fail2ban.client('set', 'manual', 'banip', '203.0.113.3');
    const bans = [1, 2, 3].map((index) => `[manual] Ban 203.0.113.${index}`);
    await eventually(async () => {
      await follow();
      expect(seen).toEqual(bans);
    });
    const older = await page('jail=manual');
    expect(older.lines.map(({ text }) => text)).toEqual(bans);
  });

  it('says where else fail2ban writes to, and what to do', async () => {
    await api.fail2ban.client('set', 'logtarget', 'STDOUT');
    await eventually(async () => expect((await page()).place).toMatchObject({ kind: 'elsewhere', target: 'STDOUT' }));
    const { place, lines, newer } = await page();
    expect(place.reason).toContain('Set logtarget to a file');
    expect([lines, newer]).toEqual([[], null]);
  });
});

describe("fail2ban's log, file by file", () => {
  let dir: string;
  let log: string;
  let api: RunningApi;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-log-'));
    log = join(dir, 'fail2ban.log');
    api = await startApi({ env: { BANGUI_FAIL2BAN_LOG: log } });
  });
  afterAll(async () => {
    await api.stop();
    await rm(dir, { recursive: true });
  });
  beforeEach(() => writeFile(log, ''));
  afterEach(async () => {
    for (const end of ['', '.1', '.2']) await rm(`${log}${end}`, { force: true });
  });

  const page = async (query = ''): Promise<LogPage> => (await api.admin.get<LogPage>(`/api/v1/logs?${query}`)).body;
  const texts = ({ lines }: LogPage): string[] => lines.map(({ text }) => text);

  it('is read backwards page by page, into what was rotated, each line once', async () => {
    const all = Array.from({ length: 500 }, (_, index) => `line ${index}`);
    const lines = all.map((text, index) => record(index, text));
    await writeFile(`${log}.2`, lines.slice(0, 150).join(''));
    await writeFile(`${log}.1`, lines.slice(150, 300).join(''));
    await writeFile(log, lines.slice(300).join(''));
    // Written one after the other, as rotations are.
    await promisify(execFile)('/usr/bin/touch', ['-d', '2026-11-20 10:00', `${log}.2`]);
    await promisify(execFile)('/usr/bin/touch', ['-d', '2026-11-20 11:00', `${log}.1`]);
    const read: string[] = [];
    let next: LogPage | undefined;
    do {
      next = await page(`limit=70${next?.older ? `&before=${next.older}` : ''}`);
      expect(next.lines.length).toBeLessThanOrEqual(70);
      read.unshift(...texts(next));
    } while (next.older !== null);
    expect(read).toEqual(all);
  });

  it('goes on in the copy of a file that was copied and emptied', async () => {
    await writeFile(log, record(1, 'one') + record(2, 'two'));
    const { newer } = await page();
    await appendFile(log, record(3, 'three'));
    await copyFile(log, `${log}.1`);
    await truncate(log, 0);
    await appendFile(log, record(4, 'four'));
    const first = await page(`after=${newer ?? ''}`);
    const second = await page(`after=${first.newer ?? ''}`);
    expect([...texts(first), ...texts(second)]).toEqual(['three', 'four']);
    expect([first.hasGap, second.hasGap]).toEqual([false, false]);
  });

  it('says that lines are gone when they are', async () => {
    await writeFile(log, record(1, 'one'));
    const { newer } = await page();
    await rm(log);
    await writeFile(log, record(2, 'two'));
    expect(await page(`after=${newer ?? ''}`)).toMatchObject({ hasGap: true, lines: [{ text: 'two' }] });
  });

  it('gives no line before it is written to its end', async () => {
    await writeFile(log, record(1, 'one') + record(2, 'two').slice(0, -2));
    const first = await page();
    expect(texts(first)).toEqual(['one']);
    await appendFile(log, 'o\n');
    expect(texts(await page(`after=${first.newer ?? ''}`))).toEqual(['two']);
  });

  it('shows the level and more serious ones, with the lines that go on with them', async () => {
    await writeFile(
      log,
      record(1, '[web] Found 203.0.113.9 - 2026-11-20 10:11:01') +
        record(2, '[web] broken', 'ERROR') +
        'Traceback (most recent call last):\n  File "x.py"\n' +
        record(3, '[ssh] Ban 203.0.113.99', 'NOTICE', 'actions'),
    );
    expect(texts(await page('level=WARNING'))).toEqual([
      '[web] broken',
      'Traceback (most recent call last):',
      '  File "x.py"',
    ]);
    expect(texts(await page('jail=ssh'))).toEqual(['[ssh] Ban 203.0.113.99']);
    expect(texts(await page('address=203.0.113.9'))).toEqual(['[web] Found 203.0.113.9 - 2026-11-20 10:11:01']);
    expect(texts(await page('address=::ffff:203.0.113.9'))).toEqual(texts(await page('address=203.0.113.9')));
    const [found] = (await page('address=203.0.113.9')).lines;
    expect(found).toMatchObject({ level: 'INFO', jail: 'web', address: '203.0.113.9', component: 'fail2ban.filter' });
  });

  it('takes hostile lines for text and cuts long ones', async () => {
    const forged = record(2, '[web] Ban 192.0.2.1', 'NOTICE', 'actions').trim();
    await writeFile(
      log,
      Buffer.concat([
        Buffer.from(record(1, `<script>\u202e${'x'.repeat(5_000)}`)),
        Buffer.from([0xff, 0x00, 0x1b, 0x0a]),
        Buffer.from(record(3, `[ssh] Found 203.0.113.9 ${forged}`)),
      ]),
    );
    const { lines } = await page();
    expect(lines[0]?.text).toBe(`<script>\u202e${'x'.repeat(1_991)}…`);
    expect(lines[1]).toMatchObject({ text: '\ufffd\0\u001b', at: null });
    expect(lines[2]).toMatchObject({ jail: 'ssh', address: '203.0.113.9' });
  });

  it('looks at 4 MiB at once, says how far it came, and goes on from there', async () => {
    const noise = record(7, 'x'.repeat(1_000)).repeat(9_000);
    await writeFile(log, record(1, '[web] Ban 203.0.113.9') + noise);
    let next = await page('address=203.0.113.9');
    expect(texts(next)).toEqual([]);
    // A time without a zone is of this machine's.
    expect(next.scannedUntil).toBe(Date.parse('2026-11-20T10:11:07.007'));
    let requests = 1;
    while (next.lines.length === 0 && next.older !== null && requests < 10) {
      next = await page(`address=203.0.113.9&before=${next.older}`);
      requests += 1;
    }
    expect(texts(next)).toEqual(['[web] Ban 203.0.113.9']);
    expect(requests).toBe(3);
  });

  it('says why it cannot be read, and does not wait for a pipe', async () => {
    await rm(log);
    const missing = await page();
    expect(missing.place).toMatchObject({ kind: 'unreadable', target: log });
    expect(missing.place.reason).toContain('ENOENT');
    await promisify(execFile)('/usr/bin/mkfifo', [log]);
    expect((await page()).place.reason).toContain('no regular file');
  });

  it.each([
    'level=LOUD',
    'jail=../x',
    'address=nobody',
    'limit=1001',
    'limit=0',
    'before=x',
    `after=${Buffer.from('[1,-1,null,false]').toString('base64url')}`,
    `after=${Buffer.from('[1,1,"../x",false]').toString('base64url')}`,
    'path=/etc/passwd',
  ])('refuses %s', async (query) => {
    const { status, body } = await api.admin.get<Problem>(`/api/v1/logs?${query}`);
    expect([status, body.code]).toEqual([400, 'invalid-request']);
  });

  it('asks for a session', async () => {
    expect((await api.anonymous.get('/api/v1/logs')).status).toBe(401);
  });
});

it('says that fail2ban has not been asked yet when it was never there', async () => {
  const api = await startApi();
  try {
    const { body } = await api.admin.get<LogPage>('/api/v1/logs');
    expect(body.place).toMatchObject({ kind: 'unknown', target: null });
  } finally {
    await api.stop();
  }
});
