import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { BadSettings, loadSettings } from './load-settings.ts';
import { schedulerTimes } from './settings.ts';

const dir = mkdtempSync(join(tmpdir(), 'bangui-settings-'));
afterAll(() => rmSync(dir, { recursive: true }));

function file(content: string): string {
  const path = join(dir, `${Math.random()}`);
  writeFileSync(path, content);
  return path;
}

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings(environment);
  } catch (error) {
    if (error instanceof BadSettings) return error.problems;
    throw error;
  }
  return [];
}

describe('loadSettings', () => {
  it('needs nothing to be set', () => {
    expect(loadSettings({ PATH: '/bin' })).toMatchObject({
      host: '127.0.0.1',
      port: 8000,
      sessionDurationMinutes: 60,
      sessionCookieSecure: true,
      sessionCookieSamesite: 'lax',
      trustedProxies: [],
      databaseUrl: undefined,
      apiDocs: false,
    });
  });

  it('tells every problem at once, one line each, naming the variable', () => {
    const problems = problemsOf({
      BANGUI_PORT: '80000',
      BANGUI_HOST: 'a b',
      BANGUI_SESSION_COOKIE_SECURE: 'maybe',
      BANGUI_LOG_LEVEL: 'loud',
      BANGUI_SESSION_DURATION_MINUTES: '1e3',
      BANGUI_FAIL2BAN_CONFIG_DIR: 'etc',
      BANGUI_FAIL2BAN_SOCKET: `/${'x'.repeat(107)}`,
      BANGUI_PROT: '1',
    });
    expect(problems.map((line) => line.split(' ')[0]).sort()).toEqual([
      'BANGUI_FAIL2BAN_CONFIG_DIR',
      'BANGUI_FAIL2BAN_SOCKET',
      'BANGUI_HOST',
      'BANGUI_LOG_LEVEL',
      'BANGUI_PORT',
      'BANGUI_PROT',
      'BANGUI_SESSION_COOKIE_SECURE',
      'BANGUI_SESSION_DURATION_MINUTES',
    ]);
    for (const line of problems) expect(line).not.toContain('\n');
  });

  it('refuses a name it does not know', () => {
    expect(problemsOf({ BANGUI_SECRET_SAUCE: 'x' })).toEqual(['BANGUI_SECRET_SAUCE is not a setting of BanGUI']);
  });

  it('takes an empty variable as unset', () => {
    expect(loadSettings({ BANGUI_PORT: '', BANGUI_DATABASE_URL: '' })).toMatchObject({
      port: 8000,
      databaseUrl: undefined,
    });
  });

  it('wants a key for secrets beside PostgreSQL, and never repeats a short one', () => {
    const database = { BANGUI_DATABASE_URL: 'postgres://u:p@127.0.0.1/bangui' };
    expect(problemsOf(database)).toEqual([
      'BANGUI_SECRET_KEY is required with BANGUI_DATABASE_URL: every instance must open what another one has sealed',
    ]);
    expect(problemsOf({ ...database, BANGUI_SECRET_KEY: 'hunter2' })).toEqual([
      'BANGUI_SECRET_KEY must have at least 32 characters',
    ]);
    const key = 'x'.repeat(32);
    expect(loadSettings({ ...database, BANGUI_SECRET_KEY: `${key}1,${key}2` }).secretKey).toEqual([
      `${key}1`,
      `${key}2`,
    ]);
  });

  it.each(['https://proxy:3128', 'proxy:3128', 'http://proxy/path', 'http://proxy/?x'])(
    'refuses %s as a proxy',
    (url) => {
      expect(problemsOf({ BANGUI_HTTPS_PROXY: url })).toHaveLength(1);
    },
  );

  it('never repeats the value of a bad database URL, because it holds a password', () => {
    expect(problemsOf({ BANGUI_DATABASE_URL: 'mysql://root:hunter2@db/x' }).join()).not.toContain('hunter2');
  });

  it.each(['redis://redis', 'redis://:hunter2@redis:6379/0', 'rediss://bangui:hunter2@[2001:db8::1]:6380/15'])(
    'takes %s for Redis',
    (url) => {
      expect(loadSettings({ BANGUI_REDIS_URL: url }).redisUrl).toBe(url);
    },
  );

  it.each([
    ['http://:hunter2@redis', /redis:\/\/user:password/],
    ['redis:///0', /name a host/],
    ['redis://:hunter2@redis/zero', /number of a database/],
    ['redis://redis/0?password=hunter2', /query/],
  ])('refuses %s for Redis without repeating it', (url, complaint) => {
    const problems = problemsOf({ BANGUI_REDIS_URL: url });
    expect(problems).toEqual([expect.stringMatching(complaint)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each(['http://127.0.0.1:4318/v1/traces', 'https://collector.example/otlp/v1/traces'])(
    'sends traces to %s',
    (url) => {
      expect(loadSettings({ BANGUI_TRACES_ENDPOINT: url }).tracesEndpoint).toBe(url);
    },
  );

  it.each([
    ['grpc://collector:4317', /a URL such as/],
    ['collector:4318', /a URL such as/],
    ['http://collector:4318', /a path/],
    ['http://me:hunter2@collector:4318/v1/traces', /password/],
    ['http://collector:4318/v1/traces?key=hunter2', /query/],
  ])('refuses %s for traces without repeating it', (url, complaint) => {
    const problems = problemsOf({ BANGUI_TRACES_ENDPOINT: url });
    expect(problems).toEqual([expect.stringMatching(complaint)]);
    expect(problems.join()).not.toContain('hunter2');
  });

  it.each([
    [{ BANGUI_SCHEDULER_HEARTBEAT_SECONDS: '5.1' }],
    [{ BANGUI_SCHEDULER_LOCK_TTL_SECONDS: '59.9' }],
    [{ BANGUI_SCHEDULER_HEARTBEAT_SECONDS: '0.5', BANGUI_SCHEDULER_LOCK_TTL_SECONDS: '5' }],
  ])('refuses a lock that a few late heartbeats would lose: %j', (environment) => {
    expect(problemsOf(environment)).toEqual([
      expect.stringMatching(
        /^BANGUI_SCHEDULER_LOCK_TTL_SECONDS .* at least 12 times BANGUI_SCHEDULER_HEARTBEAT_SECONDS/,
      ),
    ]);
  });

  it('has heartbeats that fit to where the lock is kept', () => {
    const redis = { BANGUI_SCHEDULER_LOCK: 'redis', BANGUI_REDIS_URL: 'redis://redis' };
    expect(schedulerTimes(loadSettings({}))).toEqual({ heartbeatSeconds: 5, lockTtlSeconds: 60 });
    expect(schedulerTimes(loadSettings(redis))).toEqual({ heartbeatSeconds: 2.5, lockTtlSeconds: 60 });
    expect(
      loadSettings({ BANGUI_SCHEDULER_HEARTBEAT_SECONDS: '0.3', BANGUI_SCHEDULER_LOCK_TTL_SECONDS: '3.6' }),
    ).toMatchObject({ schedulerHeartbeatSeconds: 0.3 });
  });

  it('asks for a Redis when the lock is to be in one', () => {
    expect(problemsOf({ BANGUI_SCHEDULER_LOCK: 'redis' })).toEqual([
      'BANGUI_SCHEDULER_LOCK redis needs BANGUI_REDIS_URL',
    ]);
  });

  it('asks for both halves of the first administrator', () => {
    expect(problemsOf({ BANGUI_ADMIN_USERNAME: 'root' })).toEqual([
      'BANGUI_ADMIN_PASSWORD must be set together with BANGUI_ADMIN_USERNAME',
    ]);
  });

  it('refuses a cookie for other sites that is not Secure', () => {
    expect(problemsOf({ BANGUI_SESSION_COOKIE_SAMESITE: 'none', BANGUI_SESSION_COOKIE_SECURE: 'false' })).toHaveLength(
      1,
    );
  });
});

describe('a value in a file', () => {
  it('loses one line feed at its end and nothing else', () => {
    expect(loadSettings({ BANGUI_DEMO_REASON_FILE: file(' two lines \n\n') }).demoReason).toBe(' two lines \n');
  });

  it('keeps a file without a line feed as it is', () => {
    expect(loadSettings({ BANGUI_DEMO_REASON_FILE: file('plain') }).demoReason).toBe('plain');
  });

  it('is an error beside the variable itself', () => {
    expect(problemsOf({ BANGUI_PORT: '1', BANGUI_PORT_FILE: file('2') })).toEqual([
      'BANGUI_PORT and BANGUI_PORT_FILE are both set; set one of them',
    ]);
  });

  it('is an error when the file cannot be read', () => {
    expect(problemsOf({ BANGUI_DATABASE_URL_FILE: join(dir, 'missing') })).toEqual([
      expect.stringMatching(/^BANGUI_DATABASE_URL_FILE cannot be read: ENOENT/),
    ]);
  });
});

describe('BANGUI_CORS_ALLOWED_ORIGINS', () => {
  const origins = (value: string) => loadSettings({ BANGUI_CORS_ALLOWED_ORIGINS: value }).corsAllowedOrigins;

  it('is the four development origins when unset', () => {
    expect(loadSettings({}).corsAllowedOrigins).toEqual([
      'http://localhost:5173',
      'https://localhost:5173',
      'http://127.0.0.1:5173',
      'https://127.0.0.1:5173',
    ]);
  });

  it('is nothing when empty', () => {
    expect(origins('')).toEqual([]);
  });

  it('takes exact origins with spaces around them', () => {
    expect(origins('https://a.example , http://[2001:db8::1]:8080')).toEqual([
      'https://a.example',
      'http://[2001:db8::1]:8080',
    ]);
  });

  it.each([
    ['*', /"\*".*every origin must be named/],
    ['https://a.example/path', /"https:\/\/a\.example\/path".*no path/],
    ['https://a.example/', /"https:\/\/a\.example\/".*trailing slash/],
    ['a.example', /"a\.example".*starts with http/],
    ['localhost:5173', /"localhost:5173".*starts with http/],
    ['https://u@a.example', /no user name/],
    ['https://A.example', /browsers send this origin as https:\/\/a\.example/],
    ['https://a.example:443', /browsers send this origin as https:\/\/a\.example/],
    ['https://a.example,,https://b.example', /refuses ""/],
    ['null', /"null"/],
    ['http://', /not an origin/],
  ])('refuses %s, naming the entry', (value, complaint) => {
    expect(problemsOf({ BANGUI_CORS_ALLOWED_ORIGINS: `https://fine.example,${value}` })).toEqual([
      expect.stringMatching(complaint),
    ]);
  });
});

describe('BANGUI_TRUSTED_PROXIES', () => {
  it('takes addresses and networks', () => {
    expect(loadSettings({ BANGUI_TRUSTED_PROXIES: '10.0.0.0/8, ::1,192.0.2.7' }).trustedProxies).toEqual([
      '10.0.0.0/8',
      '::1',
      '192.0.2.7',
    ]);
  });

  it.each(['loopback', '10.0.0.0/33', '10.0.0/8', 'true', 'fe80::1%eth0', '1.2.3.4/8/8', '*'])(
    'refuses %s',
    (value) => {
      expect(problemsOf({ BANGUI_TRUSTED_PROXIES: value })).toEqual([expect.stringContaining(JSON.stringify(value))]);
    },
  );
});
