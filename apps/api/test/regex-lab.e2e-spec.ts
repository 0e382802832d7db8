import { appendFile, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type RegexLabChoices, type RegexLabReport } from '../src/features/regex-lab/index.ts';
import { type Answer } from './api-client.ts';
import { eventually, type Fail2banApi, startFail2banApi } from './fail2ban-api.ts';
import { startApi } from './harness.ts';

interface Problem {
  code: string;
  detail: string;
  limitMs?: number;
  errors?: { field: string; message: string; code: string }[];
}
type Tried = Answer<RegexLabReport & Problem>;

describe('the regex lab', () => {
  let api: Fail2banApi;

  beforeAll(async () => {
    api = await startFail2banApi();
    await eventually(async () => expect((await choices()).logs).not.toEqual([]));
  });
  afterAll(() => api.stop());

  const choices = async (): Promise<RegexLabChoices> =>
    (await api.admin.get<RegexLabChoices>('/api/v1/configuration/regex')).body;
  const attempt = (body: object): Promise<Tried> =>
    api.admin.post<RegexLabReport & Problem>('/api/v1/configuration/regex', { timeoutMs: 10_000, ...body });
  const log = (name: string): string => join(api.fail2ban.logDir, name);

  it('says what there is to try', async () => {
    const { filters, logs, limits } = await choices();
    expect(filters).toEqual(['test']);
    expect(logs).toEqual([
      { path: log('ssh.log'), jails: ['ssh'] },
      { path: log('web.log'), jails: ['web'] },
    ]);
    expect(limits).toEqual({ lines: 1000, bytes: 262_144, defaultTimeoutMs: 2000, maxTimeoutMs: 10_000 });
  });

  it('tries a filter on pasted lines', async () => {
    const { status, body } = await attempt({
      filter: 'test',
      lines: [
        '1795169472 FAIL from 203.0.113.9 user=carol',
        '1795169473 FAIL from 203.0.113.9 ignored',
        '1795169474 <b>hello</b>',
      ],
    });
    expect(status).toBe(200);
    expect(body.totals).toEqual({ matched: 1, missed: 1, ignored: 1 });
    expect(body.lines).toEqual([
      {
        text: '1795169472 FAIL from 203.0.113.9 user=carol',
        outcome: 'matched',
        because: null,
        regex: 0,
        host: '203.0.113.9',
        time: 1_795_169_472_000,
        groups: [
          { name: 'ip4', value: '203.0.113.9', start: 21, end: 32 },
          { name: 'user', value: 'carol', start: 38, end: 43 },
        ],
      },
      expect.objectContaining({ outcome: 'ignored', because: 'ignoreregex', regex: 0, host: null }),
      expect.objectContaining({ text: '1795169474 <b>hello</b>', outcome: 'missed', regex: null }),
    ]);
    expect(body.definition).toMatchObject({
      failregex: [{ lines: 1 }],
      ignoreregex: [{ lines: 1 }],
      datepattern: '^{EPOCH}',
      prefregex: null,
    });
    expect(body.neverMatched).toEqual([]);
    expect(body.version).toMatch(/^\d+\.\d+/);
    expect(body.tookMs).toBeGreaterThan(0);
  });

  it('tries regexes of ones own on the end of a log, and says what is weak about them', async () => {
    await writeFile(
      log('web.log'),
      '1795169472 old\n1795169473 bad login of a from 203.0.113.7\n1795169474 still open',
    );
    const { body } = await attempt({
      log: log('web.log'),
      lastLines: 2,
      failregex: ['login of .* from <HOST>$', '^nothing of <HOST>'],
      ignoreregex: ['never'],
      datepattern: '^{EPOCH}',
    });
    expect(body.lines.map(({ text, outcome, host }) => [text, outcome, host])).toEqual([
      ['1795169473 bad login of a from 203.0.113.7', 'matched', '203.0.113.7'],
      ['1795169474 still open', 'missed', null],
    ]);
    expect(body.neverMatched).toEqual([1]);
    expect(
      body.suggestions.map(({ part, index, code, position, length }) => [part, index, code, position, length]),
    ).toEqual([
      ['failregex', 0, 'unanchored', 0, 1],
      ['failregex', 0, 'greedy-before-host', 9, 2],
    ]);
    await writeFile(log('web.log'), '');
  });

  it.each<[string, object, string, string]>([
    ['a failregex', { failregex: ['^<HOST>', '^(<HOST>'] }, 'failregex.1', 'missing ), unterminated subpattern'],
    ['an ignoreregex', { failregex: ['^<HOST>'], ignoreregex: ['['] }, 'ignoreregex.0', 'unterminated character set'],
    ['a prefregex', { failregex: ['^<HOST>'], prefregex: '*' }, 'prefregex', 'nothing to repeat'],
    ['a date pattern', { failregex: ['^<HOST>'], datepattern: '(%Y' }, 'datepattern', 'unterminated subpattern'],
    ['a filter', { filter: 'nosuch' }, 'filter', 'There is no filter nosuch'],
    ['a filter elsewhere', { filter: '../jail' }, 'filter', 'is not the name of a filter'],
    ['a filter by its path', { filter: '/etc/passwd' }, 'filter', 'is not the name of a filter'],
  ])("names %s that cannot be used, with fail2ban's own words", async (_what, use, field, words) => {
    const { status, body } = await attempt({ lines: ['x'], ...use });
    expect([status, body.code]).toEqual([422, 'regex-refused']);
    expect(body.errors).toMatchObject([{ field, code: 'regex-fault' }]);
    expect(body.errors?.[0]?.message).toContain(words);
  });

  it.each<[string, object]>([
    ['neither lines nor log', { filter: 'test' }],
    ['lines and log', { filter: 'test', lines: ['x'], log: '/x' }],
    ['neither filter nor regexes', { lines: ['x'] }],
    ['filter and regexes', { lines: ['x'], filter: 'test', failregex: ['<HOST>'] }],
    ['too many lines', { filter: 'test', lines: Array.from({ length: 1001 }, () => 'x') }],
    ['lines that are too long together', { filter: 'test', lines: ['é'.repeat(100_000), 'é'.repeat(100_000)] }],
    ['a regex over two lines', { lines: ['x'], failregex: ['^<HOST>\nx'] }],
    ['a limit that is too long', { filter: 'test', lines: ['x'], timeoutMs: 10_001 }],
    ['a filter with a NUL', { filter: 'te\0st', lines: ['x'] }],
    ['something else', { filter: 'test', lines: ['x'], configDir: '/tmp' }],
  ])('refuses %s', async (_what, body) => {
    const answer = await attempt(body);
    expect([answer.status, answer.body.code]).toEqual([400, 'invalid-request']);
  });

  it('refuses a line of a megabyte before it is looked at', async () => {
    const { status } = await attempt({ filter: 'test', lines: ['x'.repeat(1024 * 1024)] });
    expect(status).toBe(413);
  });

  it('ends a regex that tries for ever, says so, and leaves no process', async () => {
    vi.stubEnv('TMPDIR', api.dir);
    const { status, body } = await attempt({
      lines: ['a'.repeat(5000)],
      failregex: ['^(a+)+b <HOST>'],
      timeoutMs: 500,
    });
    expect([status, body.code, body.limitMs]).toEqual([422, 'regex-too-slow', 500]);
    expect(body.detail).toContain('0.5 s');
    await eventually(async () => expect(await processesOf(api.dir)).toEqual([]));
    vi.unstubAllEnvs();
  });

  it('runs two at once and no more', async () => {
    const endless = { lines: ['a'.repeat(5000)], failregex: ['^(a+)+b <HOST>'], timeoutMs: 2_000 };
    const answers = await Promise.all([attempt(endless), attempt(endless), attempt(endless)]);
    expect(answers.map(({ body }) => body.code).toSorted()).toEqual([
      'regex-lab-busy',
      'regex-too-slow',
      'regex-too-slow',
    ]);
    const busy = answers.find(({ status }) => status === 429);
    expect(busy?.headers.get('Retry-After')).toBe('2');
    expect((await attempt({ filter: 'test', lines: ['x'] })).status).toBe(200);
  });

  it.each(['/etc/passwd', 'web.log', '@LOG@/../log/web.log', '@LOG@/actions.log', '@LOG@/web.log\0', ''])(
    'looks at no file that no jail reads: %j',
    async (path) => {
      const { status, body } = await attempt({ filter: 'test', log: path.replace('@LOG@', api.fail2ban.logDir) });
      expect([status, body.code]).toEqual([422, 'log-not-watched']);
    },
  );

  it('says why a log cannot be read, and does not wait for one that is a pipe', async () => {
    await rm(log('web.log'));
    const missing = await attempt({ filter: 'test', log: log('web.log') });
    expect([missing.status, missing.body.code]).toEqual([422, 'log-unreadable']);
    expect(missing.body.detail).toContain('ENOENT');
    await promisify(execFile)('/usr/bin/mkfifo', [log('web.log')]);
    expect((await attempt({ filter: 'test', log: log('web.log') })).body.code).toBe('log-unreadable');
    await rm(log('web.log'));
    // As fail2ban does, it follows a link: whoever may make one in the log's folder may write the log, too.
    await writeFile(log('other.log'), '1795169472 FAIL from 203.0.113.9\n');
    await symlink(log('other.log'), log('web.log'));
    expect((await attempt({ filter: 'test', log: log('web.log') })).body.totals).toMatchObject({ matched: 1 });
    await rm(log('web.log'));
    await writeFile(log('web.log'), '');
  });

  it('takes the end of a log that is large and no text', async () => {
    const noise = Buffer.alloc(400_000, 0xff);
    await appendFile(log('web.log'), Buffer.concat([noise, Buffer.from('\n1795169472 FAIL from 203.0.113.9\n')]));
    const { status, body } = await attempt({ filter: 'test', log: log('web.log'), lastLines: 1000 });
    expect(status).toBe(200);
    expect(body.lines.map(({ outcome }) => outcome)).toEqual(['matched']);
    await writeFile(log('web.log'), '');
  });

  it('asks for a session', async () => {
    const { status } = await api.anonymous.get('/api/v1/configuration/regex');
    expect(status).toBe(401);
  });

  it('says when fail2ban cannot be run here', async () => {
    const other = await startApi({ env: { BANGUI_FAIL2BAN_PYTHON: '/nonexistent' } });
    try {
      const { status, body } = await other.admin.post<Problem>('/api/v1/configuration/regex', {
        lines: ['x'],
        failregex: ['<HOST>'],
      });
      expect([status, body.code]).toEqual([503, 'regex-lab-unavailable']);
    } finally {
      await other.stop();
    }
  });
});

/** Processes of the lab whose request is in a folder. */
async function processesOf(dir: string): Promise<string[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  // A process may end between listing and looking.
  const commands = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')));
  return commands.filter((command) => command.includes(dir));
}
