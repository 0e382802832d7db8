import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseKinds, planOf, testDatabase, type TestDatabase } from '../../../test/test-database.ts';
import { TestClock } from '../../../test/test-clock.ts';
import { TaskRegistry } from '../../core/tasks/task-registry.ts';
import { GeoCacheCleanUp } from './geo-cache-clean-up.ts';
import { GeoCacheEntity } from './geo-cache.entity.ts';
import { biteRows, GeoCacheRepository, mostRows } from './geo-cache.repository.ts';

describe.each(databaseKinds)('kept reverse names on %s', (kind) => {
  let test: TestDatabase;
  let cache: GeoCacheRepository;
  const now = 1_763_800_000_000;
  beforeEach(async () => {
    test = await testDatabase(kind);
    cache = new GeoCacheRepository(test.database);
  });
  afterEach(() => test.close());

  const count = (): Promise<number> => test.database.read.getRepository(GeoCacheEntity).count();
  /** Rows that expire one millisecond after the other from `from` on. */
  const fill = (rows: number, from: number): Promise<void> =>
    test.database.write(async (manager) => {
      for (let start = 0; start < rows; start += 1_000) {
        const part = Array.from({ length: Math.min(1_000, rows - start) }, (_, index) => ({
          address: `10.${(start + index) >> 16}.${((start + index) >> 8) & 255}.${(start + index) & 255}`,
          name: null,
          at: now,
          expiresAt: from + start + index,
        }));
        await manager.insert(GeoCacheEntity, part);
      }
    });
  const cleanUp = (): GeoCacheCleanUp => {
    const clock = new TestClock();
    clock.advance(now - clock.now());
    return new GeoCacheCleanUp(cache, clock, new TaskRegistry());
  };

  it('are found until they are too old, the latest answer only', async () => {
    await cache.keep({ address: '192.0.2.1', name: 'old.example', at: now, expiresAt: now + 10 });
    await cache.keep({ address: '192.0.2.1', name: 'new.example', at: now + 1, expiresAt: now + 20 });
    await cache.keep({ address: '192.0.2.2', name: null, at: now, expiresAt: now + 10 });
    expect(await cache.find('192.0.2.1', now + 19)).toEqual({
      address: '192.0.2.1',
      name: 'new.example',
      at: now + 1,
      expiresAt: now + 20,
    });
    expect(await cache.find('192.0.2.1', now + 20)).toBeNull();
    expect(await cache.find('192.0.2.2', now)).toMatchObject({ name: null });
    expect(await cache.find('192.0.2.3', now)).toBeNull();
  });

  it('hold text of any kind, also from two at the same moment', async () => {
    const name = '<script>\u001b[31m\u202e\u2400ü';
    await Promise.all(
      Array.from({ length: 5 }, () => cache.keep({ address: '192.0.2.1', name, at: now, expiresAt: now + 10 })),
    );
    expect((await cache.find('192.0.2.1', now))?.name).toBe(name);
  });

  it('are removed when they are too old, in bites', async () => {
    await fill(biteRows * 2 + 10, now - biteRows - 5);
    expect(await cache.removeExpired(now)).toBe(biteRows);
    expect(await cache.removeExpired(now)).toBe(6);
    expect(await cache.removeExpired(now)).toBe(0);
    expect(await count()).toBe(biteRows + 4);
  });

  it('are removed beyond the limit, those first that would expire first', async () => {
    await fill(mostRows + biteRows + 7, now + 1);
    expect(await cleanUp().run()).toBe(biteRows + 7);
    expect(await count()).toBe(mostRows);
    expect(await cache.find('10.0.0.0', now)).toBeNull();
    expect(await cache.find('10.0.1.251', now)).not.toBeNull();
  });

  it('are cleaned up in one run, and no further once told to stop', async () => {
    await fill(biteRows * 3, now - biteRows * 3);
    const stopped = new AbortController();
    stopped.abort();
    expect(await cleanUp().run(stopped.signal)).toBe(0);
    expect(await cleanUp().run()).toBe(biteRows * 3);
    expect(await count()).toBe(0);
  });

  it('are found by their index when they are too old', async () => {
    const parameter = kind === 'sqlite' ? '?' : '$1';
    const plan = await planOf(
      test.database,
      `SELECT address FROM geo_cache WHERE expires_at <= ${parameter} ORDER BY expires_at LIMIT 500`,
      [now],
    );
    expect(plan).toContain('ix_geo_cache_expires_at');
    expect(plan).not.toMatch(/SORT|TEMP B-TREE/i);
  });
});
