import { type SchedulerPlace } from './scheduler-place.ts';

/** Rows of work: forty transactions of the task, so that a kill comes before the last of them on a busy machine too. */
const rows = 20_000;

/** Work for a real task that takes seconds in many short transactions, while one token is the highest. */
export interface SlowWork {
  /** Id of the task. */
  readonly task: string;
  /** Rows that the task has to remove. */
  readonly all: number;
  /** Rows not removed yet. */
  left(): Promise<number>;
}

/** Makes each transaction of `geo_cache_clean_up` slow for whoever holds the lock with this token; for the next it is fast. */
export async function slowCleanUp(place: SchedulerPlace, token: number): Promise<SlowWork> {
  const isPostgres = place.kind === 'postgres';
  const condition = `(SELECT token FROM scheduler_fence) = ${token}`;
  // One row of each transaction waits.
  const isFirst = `(CAST(substr(OLD.address, 3) AS integer) % 500) = 1`;
  for (const statement of isPostgres
    ? [
        `CREATE OR REPLACE FUNCTION slow_down() RETURNS trigger LANGUAGE plpgsql AS $$
           BEGIN IF ${isFirst} AND ${condition} THEN PERFORM pg_sleep(0.2); END IF; RETURN OLD; END $$`,
        'CREATE OR REPLACE TRIGGER slow_down BEFORE DELETE ON geo_cache FOR EACH ROW EXECUTE FUNCTION slow_down()',
      ]
    : [
        'DROP TRIGGER IF EXISTS slow_down',
        `CREATE TRIGGER slow_down BEFORE DELETE ON geo_cache WHEN ${isFirst} AND ${condition} BEGIN
           SELECT count(*) FROM (WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000000) SELECT i FROM n);
         END`,
      ]) {
    await place.query(statement);
  }
  const numbers = isPostgres
    ? `SELECT i FROM generate_series(1, ${rows}) AS n(i)`
    : `WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < ${rows}) SELECT i FROM n`;
  await place.query(
    `INSERT INTO geo_cache (address, name, at, expires_at) SELECT 'n-' || i, NULL, i, i FROM (${numbers}) AS numbers`,
  );
  return {
    task: 'geo_cache_clean_up',
    all: rows,
    left: async () => {
      const [row] = await place.query<{ count: number | string }>('SELECT count(*) AS count FROM geo_cache');
      return Number(row?.count);
    },
  };
}
