import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { BadSettings, loadSettings } from './settings.ts';

const token = `bgt_${'a'.repeat(43)}`;

function problemsOf(environment: Record<string, string>): readonly string[] {
  try {
    loadSettings(environment);
    return [];
  } catch (error) {
    if (error instanceof BadSettings) return error.problems;
    throw error;
  }
}

it('takes an address and a token, and knows the rest', () => {
  const settings = loadSettings({ BANGUI_API_URL: 'https://bangui.example', BANGUI_API_TOKEN: token });
  expect(settings).toMatchObject({ managementPorts: [22], checkSeconds: 5, trialSeconds: 120, allow: [] });
  expect(settings.token()).toBe(token);
});

it('reads the token beside the socket each time, because it may come later or be replaced', () => {
  const dir = mkdtempSync(join(tmpdir(), 'bgui-'));
  try {
    const settings = loadSettings({ BANGUI_ENFORCER_SOCKET: join(dir, 'enforcer.sock') });
    expect(() => settings.token()).toThrow('ENOENT');
    writeFileSync(join(dir, 'enforcer-token'), `${token}\n`);
    expect(settings.token()).toBe(token);
    writeFileSync(join(dir, 'enforcer-token'), 'something else');
    expect(() => settings.token()).toThrow('holds no token');
  } finally {
    rmSync(dir, { recursive: true });
  }
});

it.each([
  [{ BANGUI_API_URL: 'http://bangui.example', BANGUI_API_TOKEN: token }, 'BANGUI_API_URL must be https'],
  [{ BANGUI_API_URL: 'https://bangui.example/path', BANGUI_API_TOKEN: token }, 'BANGUI_API_URL must be like'],
  [{ BANGUI_API_URL: 'https://bangui.example' }, 'BANGUI_API_TOKEN or BANGUI_API_TOKEN_FILE must be set'],
  [{ BANGUI_API_URL: 'https://bangui.example', BANGUI_API_TOKEN: 'x' }, 'BANGUI_API_TOKEN must be a token'],
  [{ BANGUI_API_TOKEN: token }, 'BANGUI_ENFORCER_SOCKET or BANGUI_API_URL must be set'],
  [{ BANGUI_ENFORCER_SOCKET: 'relative' }, 'BANGUI_ENFORCER_SOCKET must be an absolute path'],
  [{ BANGUI_ENFORCER_SOCKET: '/s', BANGUI_ENFORCER_ALLOW: 'example.org' }, 'BANGUI_ENFORCER_ALLOW must be'],
  [
    { BANGUI_ENFORCER_SOCKET: '/s', BANGUI_ENFORCER_MANAGEMENT_PORTS: '22,0' },
    'BANGUI_ENFORCER_MANAGEMENT_PORTS must be',
  ],
  [{ BANGUI_ENFORCER_SOCKET: '/s', BANGUI_ENFORCER_CHECK_SECONDS: '60' }, 'BANGUI_ENFORCER_CHECK_SECONDS must be'],
  [{ BANGUI_ENFORCER_SOCKET: '/s', BANGUI_ENFORCER_TRIALS: '1' }, 'BANGUI_ENFORCER_TRIALS is not a setting'],
  [{ BANGUI_ENFORCER_SOCKET: '/s', BANGUI_LOG_LEVEL: 'loud' }, 'BANGUI_LOG_LEVEL must be'],
])('refuses %j', (environment, problem) => {
  expect(problemsOf(environment)).toEqual([expect.stringContaining(problem)]);
});

it('names every problem at once', () => {
  expect(problemsOf({ BANGUI_ENFORCER_STATE_DIR: 'x', BANGUI_ENFORCER_TRIAL_SECONDS: '1' })).toHaveLength(4);
});
