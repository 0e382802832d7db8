import { readFile, stat, writeFile } from 'node:fs/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { holdIdleDatabase } from './idle-database.ts';
import { copyElsewhere } from './put-in-place.ts';
import { type BackupPlace, backupPlace, fill, marks } from './testing/backup-place.ts';

let place: BackupPlace;
beforeEach(async () => {
  place = await backupPlace();
  await fill(place, 'first');
});
afterEach(() => place.remove());

/** Locks that the system knows of on the database, without their place in its list, which others' locks change: proc_locks(5). */
async function locks(): Promise<string[]> {
  const { ino } = await stat(place.database);
  const lines = (await readFile('/proc/locks', 'utf8')).split('\n').filter((line) => line.includes(`:${ino} `));
  return lines.map((line) => line.replace(/^\d+: /, ''));
}

it('a database that is held stays locked while it is copied', async () => {
  const held = await holdIdleDatabase(place.database);
  try {
    const before = await locks();
    expect(before.length).toBeGreaterThan(0);
    await copyElsewhere(place.database, place.backup('copy'));
    expect(await locks()).toEqual(before);
  } finally {
    held.release();
  }
  expect(await locks()).toEqual([]);
  expect(marks(place.backup('copy'))).toEqual(['first']);
});

it('a copy takes the place of nothing', async () => {
  await writeFile(place.backup('copy'), 'somebody else’s');
  await expect(copyElsewhere(place.database, place.backup('copy'))).rejects.toThrow(/EEXIST/);
  expect(await readFile(place.backup('copy'), 'utf8')).toBe('somebody else’s');
});
