import { Injectable } from '@nestjs/common';
import { MoreThan } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { GeoCacheEntity } from './geo-cache.entity.ts';

/** Rows that one statement deletes at most, so that no transaction is long. */
export const biteRows = 500;
/** Most rows that are kept. */
export const mostRows = 10_000;

/** The only place with SQL about kept reverse names. */
@Injectable()
export class GeoCacheRepository {
  constructor(private readonly database: Database) {}

  /** What is known of an address and not yet too old at `now` (epoch milliseconds). */
  async find(address: string, now: number): Promise<GeoCacheEntity | null> {
    return this.database.read.getRepository(GeoCacheEntity).findOneBy({ address, expiresAt: MoreThan(now) });
  }

  /** Keeps an answer in place of an older one. */
  async keep(answer: GeoCacheEntity): Promise<void> {
    await this.database.write((manager) => manager.upsert(GeoCacheEntity, { ...answer }, ['address']));
  }

  /** Removes some rows that are too old at `now`; resolves to their number, at most {@link biteRows}. */
  removeExpired(now: number): Promise<number> {
    return this.database.write((manager) =>
      this.removed(manager.query(this.sql(`WHERE expires_at <= ${this.parameter}`), [now])),
    );
  }

  /** Removes those that expire next, some of them, while there are more than {@link mostRows}; resolves to their number. */
  removeBeyondLimit(): Promise<number> {
    return this.database.write(async (manager) => {
      const [row] = await manager.query<{ count: number | string }[]>(
        `SELECT count(*) AS count FROM (SELECT 1 FROM geo_cache LIMIT ${mostRows + biteRows}) AS kept`,
      );
      const excess = Number(row?.count ?? 0) - mostRows;
      return excess > 0 ? this.removed(manager.query(this.sql('', Math.min(excess, biteRows)))) : 0;
    });
  }

  private get parameter(): string {
    return this.database.kind === 'postgres' ? '$1' : '?';
  }

  private sql(where: string, limit = biteRows): string {
    return `DELETE FROM geo_cache WHERE address IN (SELECT address FROM geo_cache ${where} ORDER BY expires_at LIMIT ${limit}) RETURNING address`;
  }

  /** Rows that a DELETE … RETURNING gave, as either driver tells them. */
  private async removed(result: Promise<unknown>): Promise<number> {
    const rows = await result;
    if (!Array.isArray(rows)) return 0;
    // TypeORM answers [rows, count] on PostgreSQL.
    const [first] = rows as unknown[];
    return Array.isArray(first) ? first.length : rows.length;
  }
}
