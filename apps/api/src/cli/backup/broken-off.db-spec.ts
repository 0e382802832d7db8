import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync } from 'node:fs';
import { mkdir, readdir, rm, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveWriter, manyEvents } from '../../../test/archive-events.ts';
import { entities } from '../../app.module.ts';
import { openDatabase } from '../../core/database/open-database.ts';
import { program, runCompiled, runHere } from '../testing/command.ts';
import { type BackupPlace, backupPlace, fill, marks } from './testing/backup-place.ts';

let place: BackupPlace;

beforeEach(async () => {
  place = await backupPlace();
  await fill(place, 'first');
  const database = await openDatabase({ databasePath: place.database }, entities);
  const { writer } = await archiveWriter(database);
  await writer.append(manyEvents(5_000));
  await database.close();
  await runHere(['backup', place.backup('a')], place.env);
  await fill(place, 'second');
});
afterEach(() => place.remove());

/** Starts the compiled command and ends it with a signal as soon as `isTime`; answers what ended it. */
async function endedWhen(
  args: readonly string[],
  signal: NodeJS.Signals,
  isTime: () => boolean,
): Promise<NodeJS.Signals | number | null> {
  const child = spawn(process.execPath, [program, ...args], { env: { ...place.env }, stdio: 'ignore' });
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  while (child.exitCode === null && child.signalCode === null && !isTime()) await setImmediate();
  child.kill(signal);
  const [status, by] = await closed;
  return by ?? status;
}

const inFolder = (pattern: RegExp): boolean => readdirSync(join(place.root, 'data')).some((name) => pattern.test(name));
const inStaging = (name: string): boolean =>
  readdirSync(join(place.root, 'data')).some(
    (folder) => folder.startsWith('.bangui-restore-') && existsSync(join(place.root, 'data', folder, name)),
  );

describe('a restore that is killed', () => {
  it.each<[string, () => boolean]>([
    ['when it begins to unpack', () => inFolder(/^\.bangui-restore-/)],
    ['when it unpacks the database', () => inStaging('bangui.sqlite3')],
    ['when it has unpacked all', () => inStaging('plugins/node_modules/@someone/first/package.json')],
    ['when it writes the keys', () => inFolder(/^secret-key\.new/)],
    ['when it has given the old database its second name', () => inFolder(/before-restore/)],
    ['when it puts the plugins in their place', () => readdirSync(place.plugins).some((name) => name.startsWith('.'))],
    ['when it has put the database in its place', () => inFolder(/before-restore/) && !inStaging('bangui.sqlite3')],
  ])('%s leaves the old or the new database, and can be repeated', async (_, isTime) => {
    await endedWhen(['restore', place.backup('a')], 'SIGKILL', isTime);
    expect([['first'], ['first', 'second']]).toContainEqual(marks(place.database));
    const database = await openDatabase({ databasePath: place.database }, entities);
    await database.close();
    expect(await runHere(['restore', place.backup('a')], place.env)).toMatchObject({ status: 0 });
    expect(marks(place.database)).toEqual(['first']);
    expect((await place.files()).filter((name) => name.startsWith('.'))).toEqual([]);
  });

  it('tidies up when it is asked to end while it unpacks', async () => {
    const before = await place.files();
    const end = await endedWhen(['restore', place.backup('a')], 'SIGTERM', () => inStaging('bangui.sqlite3'));
    if (end === 1) {
      expect(marks(place.database)).toEqual(['first', 'second']);
      expect(await place.files()).toEqual(before);
    } else {
      // It has come as far as the end before it was asked; whoever has nothing left to tidy up just ends.
      expect([0, 'SIGTERM']).toContain(end);
      expect(marks(place.database)).toEqual(['first']);
      expect((await place.files()).filter((name) => name.startsWith('.'))).toEqual([]);
    }
  });
});

describe('a backup that is killed', () => {
  it('leaves no file of its name, and the next one tidies up', async () => {
    const target = place.backup('b');
    const isHalf = (): boolean => existsSync(`${target}.part`);
    // What is written takes a while.
    await writeFile(join(place.plugins, 'node_modules/large'), '');
    await truncate(join(place.plugins, 'node_modules/large'), 64 * 1024 * 1024);
    // One that has come as far as the end before it was killed is made again.
    for (;;) {
      await endedWhen(['backup', target], 'SIGKILL', isHalf);
      if (isHalf()) break;
      await rm(target, { force: true });
    }
    expect(existsSync(target)).toBe(false);
    expect((await runHere(['backup', target], place.env)).status).toBe(0);
    expect((await readdir(place.root)).sort()).toEqual(['a', 'b', 'data', 'plugins']);
  });
});

describe('on a full disk', () => {
  /** Runs the command where a folder is a disk of its own of so many KiB, which nobody else sees; tells what is left on it. */
  const onSmallDisk = (args: readonly string[], kib: number, env = place.env): ReturnType<typeof runCompiled> => {
    const small = join(place.root, 'small');
    const script = `mount -t tmpfs -o size=${kib}k tmpfs ${small} && "$@"; s=$?; ls -A ${small} | sed 's/^/left: /'; exit $s`;
    return runCompiled(args, env, {
      before: ['unshare', '--user', '--map-root-user', '--mount', 'sh', '-c', script, 'sh'],
    });
  };

  beforeEach(() => mkdir(join(place.root, 'small')));

  it.each([100, 2_000])('of %i KiB, a backup says so and leaves nothing', async (kib) => {
    const ran = await onSmallDisk(['backup', join(place.root, 'small/b')], kib);
    expect(ran).toMatchObject({ status: 1, out: '', told: expect.stringMatching(/full|no space/i) as unknown });
  });

  it('a restore says so beforehand and leaves nothing', async () => {
    const env = { ...place.env, BANGUI_DATABASE_PATH: join(place.root, 'small/bangui.sqlite3') };
    const ran = await onSmallDisk(['restore', place.backup('a')], 1_000, env);
    expect(ran).toMatchObject({ status: 1, out: '', told: expect.stringMatching(/MiB are free/) as unknown });
  });
});
