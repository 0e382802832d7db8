import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { archiveEvent, archiveWriter } from '../../../test/archive-events.ts';
import { type TestDatabase, testDatabase } from '../../../test/test-database.ts';
import { Clock } from '../../core/clock.ts';
import { HistoryRepository } from './history.repository.ts';
import { TextIndex } from './text-index.ts';

const never = (): boolean => false;

/** Nothing takes time by it: a busy machine must not end a search early. */
class PatientClock extends Clock {
  override monotonic(): number {
    return 0;
  }
}

/** So many that they are not indexed together with their rows. */
const many = Array.from({ length: 2_500 }, (_, n) =>
  archiveEvent({
    address: `198.51.${n >> 8}.${n & 255}`,
    at: 1_000 * n,
    matches: n % 5 === 0 ? [] : [`login of u${n}x`],
  }),
);

describe('the index of the matched lines', () => {
  let test: TestDatabase;
  let index: TextIndex;
  beforeEach(async () => {
    test = await testDatabase('sqlite');
    index = new TextIndex(test.database);
  });
  afterEach(() => test.close());

  const position = async (): Promise<number> => {
    const [row] = await test.database.reports.query<{ id: number }>('SELECT id FROM history_text_position');
    return row?.id ?? -1;
  };
  const found = async (text: string): Promise<number[]> => {
    const history = new HistoryRepository(test.database, new PatientClock(), index);
    return (await history.getArchivedHistory({ text, pageSize: 1_000 })).items.map(({ id }) => id);
  };

  it('follows many rows later, few at once, and loses none when it stops on the way', async () => {
    const { writer } = await archiveWriter(test.database);
    await writer.append(many.slice(0, 10));
    expect(await position()).toBe(10);
    await writer.append(many);
    await expect.poll(position).toBe(await lastId());

    // As if the process had ended before it came to the last 2,000.
    await test.database.writeInBackground(async (sql) => {
      await sql.query('DELETE FROM history_text WHERE rowid > 500');
      await sql.query('UPDATE history_text_position SET id = 500');
    });
    const { writer: next } = await archiveWriter(test.database);
    await next.append([archiveEvent({ address: '203.0.113.1', at: 5, matches: ['the last one'] })]);
    await expect.poll(position).toBe(await lastId());
    expect(await indexed('"log"')).toBe(2_000);
    expect(await indexed('"las"')).toBe(1);
  });

  it.each([0, 700, 2_400])('finds what it has not come to, %i rows indexed', async (rows) => {
    const { writer } = await archiveWriter(test.database);
    await writer.append(many);
    await expect.poll(position).toBe(2_500);
    const before = [await found('login of u1'), await found('u2301x'), await found('nothing')];
    expect(before.map(({ length }) => length)).toEqual([889, 1, 0]);
    await test.database.writeInBackground(async (sql) => {
      await sql.query('DELETE FROM history_text WHERE rowid > $1', [rows]);
      await sql.query('UPDATE history_text_position SET id = $1', [rows]);
    });
    expect([await found('login of u1'), await found('u2301x'), await found('nothing')]).toEqual(before);
    expect(await index.find('login of', 2_000, never)).toHaveLength(2_000);
    expect(await index.find('login of', 1_999, never)).toBeUndefined();
  });

  it('takes lines that come later once, and forgets rows it never had', async () => {
    const { writer } = await archiveWriter(test.database);
    await writer.append([archiveEvent({ address: '192.0.2.1', at: 1_000, matches: [] })]);
    await test.database.writeInBackground(async (sql) => {
      await sql.query('UPDATE history_archive SET matches = $1', ['["came later"]']);
      await sql.query('UPDATE history_text_position SET id = 0');
      await index.addLate(sql, [1]);
      expect(await index.follow(sql, 10)).toBe(true);
    });
    expect(await index.find('later', 10, never)).toEqual([1]);
    await test.database.writeInBackground((sql) => index.remove(sql, [1, 77]));
    expect(await index.find('later', 10, never)).toEqual([]);
  });

  async function lastId(): Promise<number> {
    const [row] = await test.database.reports.query<{ id: number }>('SELECT max(id) AS id FROM history_archive');
    return row?.id ?? 0;
  }

  async function indexed(query: string): Promise<number> {
    const [row] = await test.database.reports.query<{ n: number }>('SELECT count(*) AS n FROM history_text($1)', [
      query,
    ]);
    return row?.n ?? 0;
  }
});
