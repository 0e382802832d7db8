import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveWriter, manyEvents } from '../../../test/archive-events.ts';
import { entities } from '../../app.module.ts';
import { openDatabase } from '../../core/database/open-database.ts';
import { runCompiled, runHere } from '../testing/command.ts';
import { type BackupPlace, backupPlace, fill, keyOf, mark, marks } from './testing/backup-place.ts';

let place: BackupPlace;
let other: BackupPlace;

beforeEach(async () => {
  [place, other] = [await backupPlace(), await backupPlace()];
  await fill(place, 'first');
});
afterEach(async () => {
  await place.remove();
  await other.remove();
});

const keyLines = async ({ database }: BackupPlace): Promise<string[]> =>
  (await readFile(join(dirname(database), 'secret-key'), 'utf8')).trim().split('\n');
const pluginsOf = async ({ plugins }: BackupPlace): Promise<string[]> =>
  readdir(join(plugins, 'node_modules/@someone'));

describe('bangui backup and bangui restore', () => {
  it('bring database, keys and plugins to another machine', async () => {
    const file = place.backup('a.tar.gz');
    const made = await runHere(['backup', file], place.env);
    expect(made).toMatchObject({ status: 0, out: file, told: expect.stringMatching(/key of the stored/) as unknown });
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await readdir(place.root)).toEqual(['a.tar.gz', 'data', 'plugins']);

    const { status, out } = await runHere(['restore', file, '--json'], other.env);
    expect([status, JSON.parse(out)]).toEqual([
      0,
      {
        database: other.database,
        bangui: expect.stringMatching(/^\d/) as unknown,
        createdAt: expect.stringMatching(/Z$/) as unknown,
        missingMigrations: 0,
        former: { database: null, plugins: null },
      },
    ]);
    expect(marks(other.database)).toEqual(['first']);
    expect((await stat(other.database)).mode & 0o777).toBe(0o600);
    expect(await keyLines(other)).toEqual([keyOf('first')]);
    expect(await pluginsOf(other)).toEqual(['first']);
    expect(await other.files()).toEqual(['bangui.sqlite3', 'secret-key']);
    // BanGUI works with it as with its own.
    const database = await openDatabase({ databasePath: other.database }, entities);
    await mark(database, 'later');
    await database.close();
    expect(marks(other.database)).toEqual(['first', 'later']);
  });

  it('keep what was there, and the keys of both', async () => {
    const file = place.backup('a.tar.gz');
    await runHere(['backup', file], place.env);
    await fill(other, 'second');
    const { out } = await runHere(['restore', file, '--json'], other.env);
    const { former } = JSON.parse(out) as { former: { database: string; plugins: string } };
    expect(basename(former.database)).toMatch(/^bangui\.sqlite3\.before-restore-\d{8}T\d{9}Z$/);
    expect(marks(other.database)).toEqual(['first']);
    expect(marks(former.database)).toEqual(['second']);
    expect(await keyLines(other)).toEqual([keyOf('first'), keyOf('second')]);
    expect(await pluginsOf(other)).toEqual(['first']);
    expect(await readdir(join(former.plugins, 'node_modules/@someone'))).toEqual(['second']);
    // What was put aside is in no backup.
    const again = JSON.parse((await runHere(['backup', other.backup('b'), '--json'], other.env)).out) as {
      manifest: { members: { path: string }[] };
    };
    expect(again.manifest.members.map(({ path }) => path)).toEqual([
      'bangui.sqlite3',
      'secret-key',
      'plugins/bangui-plugins.json',
      'plugins/node_modules/@someone/first/package.json',
    ]);
  });

  it('leave a key alone that the environment has', async () => {
    const env = { ...place.env, BANGUI_SECRET_KEY: keyOf('environment') };
    const { out, told } = await runHere(['backup', place.backup('a'), '--json'], env);
    expect(JSON.parse(out)).toMatchObject({ hasKey: false });
    expect(told).toMatch(/BANGUI_SECRET_KEY, which is not in it/);
    expect((await runHere(['restore', place.backup('a')], other.env)).status).toBe(0);
    expect(await other.files()).toEqual(['bangui.sqlite3']);
  });

  it('refuse what is not one new file', async () => {
    await writeFile(place.backup('a'), 'mine');
    expect(await runHere(['backup', place.backup('a')], place.env)).toMatchObject({
      status: 1,
      told: expect.stringMatching(/is there already/) as unknown,
    });
    expect(await readFile(place.backup('a'), 'utf8')).toBe('mine');
    expect(await runHere(['backup', place.backup('none/a')], place.env)).toMatchObject({
      status: 1,
      told: expect.stringMatching(/no folder/) as unknown,
    });
    expect((await runHere(['backup', other.backup('a')], other.env)).told).toMatch(/no database/);
    expect(await readdir(other.root)).toEqual(['data']);
  });

  it('take no copy of a damaged database', async () => {
    const bytes = await readFile(place.database);
    bytes.fill(0xa5, 8_192, 16_384);
    await writeFile(place.database, bytes);
    expect(await runHere(['backup', place.backup('a')], place.env)).toMatchObject({
      status: 1,
      told: expect.stringMatching(/damaged|malformed/) as unknown,
    });
    expect(await readdir(place.root)).toEqual(['data', 'plugins']);
  });

  it('replace a damaged database, and put it aside', async () => {
    await runHere(['backup', place.backup('a')], place.env);
    await writeFile(place.database, 'no database at all'.repeat(1_000));
    const { status, out } = await runHere(['restore', place.backup('a'), '--json'], place.env);
    const { former } = JSON.parse(out) as { former: { database: string } };
    expect([status, marks(place.database)]).toEqual([0, ['first']]);
    expect(await readFile(former.database, 'utf8')).toMatch(/^no database at all/);
    const isPutAside = (name: string): boolean => name.startsWith(basename(former.database));
    expect((await place.files()).filter((name) => !isPutAside(name))).toEqual(['bangui.sqlite3', 'secret-key']);
  });

  it('never give a database the log of the one before', async () => {
    await runHere(['backup', place.backup('a')], place.env);
    const open = await openDatabase({ databasePath: place.database }, []);
    await mark(open, 'second');
    const log = await readFile(`${place.database}-wal`);
    await open.close();
    // Somebody has removed the database, and not its log.
    await rm(place.database);
    await writeFile(`${place.database}-wal`, log);
    expect((await runHere(['restore', place.backup('a')], place.env)).status).toBe(0);
    expect(marks(place.database)).toEqual(['first']);
    expect((await place.files()).filter((name) => name.endsWith('-wal'))).toEqual([
      expect.stringContaining('before-restore'),
    ]);
  });
});

describe('bangui backup', () => {
  it('holds every ban that was written before, while more are written', async () => {
    const database = await openDatabase({ databasePath: place.database }, entities);
    const { writer } = await archiveWriter(database);
    await writer.append(manyEvents(4_000, { days: 30 }));
    const events = manyEvents(20_000, { seed: 2, days: 30 });
    const made = runCompiled(['backup', place.backup('a'), '--json'], place.env);
    const nothingYet = Promise.resolve(undefined);
    let written = 0;
    while ((await Promise.race([made, nothingYet])) === undefined)
      written += (await writer.append(events.slice(written, written + 50))).length;
    const { status, out } = await made;
    expect([status, out.split('\n')]).toEqual([0, [expect.stringMatching(/^\{.*\}$/), '']]);
    expect(written).toBeGreaterThan(0);
    await database.close();

    expect((await runHere(['restore', place.backup('a')], other.env)).status).toBe(0);
    const copy = await openDatabase({ databasePath: other.database }, entities);
    const [row] = await copy.read.query<{ n: number; first: number }[]>(
      'SELECT count(*) AS n, count(*) FILTER (WHERE id <= 4000) AS first FROM history_archive',
    );
    expect(row?.first).toBe(4_000);
    expect(row?.n).toBeLessThan(4_000 + written);
    await copy.close();
  });

  it('ends tidily when it is told to', async () => {
    const ended = new AbortController();
    const { makeBackup } = await import('./make-backup.ts');
    const { loadSettings } = await import('../../core/config/load-settings.ts');
    ended.abort(new Error('ended'));
    await expect(makeBackup(loadSettings(place.env), place.backup('a'), 0, ended.signal)).rejects.toThrow('ended');
    expect(await readdir(place.root)).toEqual(['data', 'plugins']);
  });
});

describe('bangui restore', () => {
  it('refuses while BanGUI runs, and changes nothing', async () => {
    await runHere(['backup', place.backup('a')], place.env);
    const database = await openDatabase({ databasePath: place.database }, entities);
    const files = await place.files();
    expect(await runCompiled(['restore', place.backup('a')], place.env)).toMatchObject({
      status: 1,
      out: '',
      told: expect.stringMatching(/BanGUI runs.*Stop BanGUI/s) as unknown,
    });
    expect(await place.files()).toEqual(files);
    await mark(database, 'still');
    await database.close();
    expect(marks(place.database)).toEqual(['first', 'still']);
    expect((await runCompiled(['restore', place.backup('a')], place.env)).status).toBe(0);
    expect(marks(place.database)).toEqual(['first']);
  });
});
