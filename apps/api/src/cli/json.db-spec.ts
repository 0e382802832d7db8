import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { entities } from '../app.module.ts';
import { openDatabase } from '../core/database/open-database.ts';
import { commandPages } from './help/command-pages.ts';
import { runCompiled, runHere } from './testing/command.ts';

let dir: string;
let env: Record<string, string>;

beforeAll(async () => {
  dir = await mkdtemp(join(tmpdir(), 'bangui-json-'));
  env = {
    BANGUI_DATABASE_PATH: join(dir, 'data/bangui.sqlite3'),
    BANGUI_PLUGINS_DIR: join(dir, 'plugins'),
    BANGUI_FAIL2BAN_SOCKET: join(dir, 'no-fail2ban.sock'),
    BANGUI_FAIL2BAN_CONFIG_DIR: dir,
  };
  const database = await openDatabase({ databasePath: join(dir, 'data/bangui.sqlite3') }, entities);
  await database.close();
  await mkdir(join(dir, 'own'));
  await writeFile(join(dir, 'own/package.json'), JSON.stringify({ scripts: { test: 'echo no JSON' } }));
});
afterAll(() => rm(dir, { recursive: true, force: true }));

const unknownId = '00000000-0000-4000-8000-000000000000';

/** Command, exit status and what the document has; in this order, because some need what others have made. */
const table: readonly (readonly [command: string, status: number, document: object])[] = [
  ['doctor', 1, { problems: expect.any(Number) as unknown, findings: expect.any(Array) as unknown }],
  ['doctor --no-such-option', 64, { error: { code: 'usage' } }],
  ['setup anna', 0, { username: 'anna', password: expect.any(String) as unknown }],
  ['setup bert', 1, { error: { code: 'setup-done' } }],
  ['setup', 64, { error: { code: 'usage' } }],
  ['admin list', 0, { administrators: [{ username: 'anna' }] }],
  ['admin reset-password anna', 0, { username: 'anna', endedSessions: 0 }],
  ['admin reset-password nobody', 1, { error: { code: 'administrator-unknown' } }],
  ['token create reader --scope feeds:read', 0, { name: 'reader', token: expect.any(String) as unknown }],
  ['token list', 0, { tokens: [{ name: 'reader', scopes: ['feeds:read'] }] }],
  [`token revoke ${unknownId}`, 1, { error: { code: 'token-unknown' } }],
  ['token create', 64, { error: { code: 'usage' } }],
  ['plugin list', 0, { plugins: [] }],
  ['plugin test OWN', 0, { isPassed: true }],
  ['plugin remove nothing', 1, { error: { code: 'plugin-refused' } }],
  ['db check', 0, { isSound: true }],
  ['db', 64, { error: { code: 'usage' } }],
  ['lock show', 0, { holder: null }],
  ['lock clear', 0, { holder: null, isCleared: false }],
  ['lock', 64, { error: { code: 'usage' } }],
  ['secrets rotate', 0, { isWhole: true, sealed: 0, unreadable: [] }],
  ['secrets', 64, { error: { code: 'usage' } }],
  ['source list', 0, { sources: [] }],
  ['source run nothing', 1, { error: { code: 'refused' } }],
  ['backup FILE', 0, { hasKey: true, manifest: { format: 1 } }],
  ['backup FILE', 1, { error: { code: 'backup-unusable' } }],
  ['restore FILE', 0, { missingMigrations: 0 }],
  ['restore nothing', 1, { error: { code: 'backup-unusable' } }],
  ['nothing', 64, { error: { code: 'usage' } }],
];

describe('with --json', () => {
  it.each(table)('%s ends with %i and prints exactly one document', async (command, status, document) => {
    const places: Readonly<Record<string, string>> = { FILE: join(dir, 'backup.tar.gz'), OWN: join(dir, 'own') };
    const words = command.split(' ').map((word) => places[word] ?? word);
    const ran = await runHere([...words, '--json'], env);
    expect([ran.status, ran.told]).toEqual([status, expect.not.stringMatching(/\n {4}at /)]);
    expect(ran.out).toMatch(/^\{.*\}$/);
    expect(JSON.parse(ran.out)).toMatchObject(document);
  });

  it('a wrong setting and a missing database are documents too', async () => {
    const wrong = await runHere(['db', 'check', '--json'], { ...env, BANGUI_PROT: '1' });
    expect([wrong.status, JSON.parse(wrong.out)]).toEqual([
      78,
      { error: { code: 'settings', message: 'BANGUI_PROT is not a setting of BanGUI' } },
    ]);
    const missing = await runHere(['token', 'list', '--json'], { ...env, BANGUI_DATABASE_PATH: join(dir, 'none') });
    expect([missing.status, JSON.parse(missing.out)]).toMatchObject([1, { error: { code: 'refused' } }]);
  });

  it('a process of its own writes one line', async () => {
    const ran = await runCompiled(['source', 'list', '--json'], env);
    expect([ran.status, ran.out]).toEqual([0, '{"sources":[]}\n']);
  });

  it('every command that has it is in this table', () => {
    const having = commandPages.filter(({ options }) => options.some(({ option }) => option === '--json'));
    const tried = new Set(table.map(([command]) => command.split(' ')[0]));
    expect(having.map(({ name }) => name).filter((name) => !tried.has(name))).toEqual([]);
  });
});
