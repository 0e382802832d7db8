import { Injectable } from '@nestjs/common';
import { type QueryDeepPartialEntity } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { type Keyset, keysetPage, type KeysetPage } from '../../core/database/keyset.ts';
import { AuditEventEntity } from './audit-event.entity.ts';

/** Addresses that are told at most. */
const maxAddresses = 10_000;

const newestFirst: Keyset<AuditEventEntity> = {
  columns: ['event.at', 'event.id'],
  shape: ['number', 'string'],
  keyOf: ({ at, id }) => [at, id],
};

/** The only place with SQL about the audit log. It adds and reads; the database refuses anything else. */
@Injectable()
export class AuditRepository {
  constructor(private readonly database: Database) {}

  async add(event: AuditEventEntity): Promise<void> {
    // TypeORM's type for new rows does not know that `unknown` columns take any JSON.
    await this.database.write((manager) =>
      manager.insert(AuditEventEntity, event as QueryDeepPartialEntity<AuditEventEntity>),
    );
  }

  /**
   * From where something was done successfully since then, in epoch milliseconds, how often and when last. The latest
   * ones, at most {@link maxAddresses}.
   */
  async addressesOf(action: string, since: number): Promise<{ address: string; count: number; lastAt: number }[]> {
    const rows = await this.database.read
      .createQueryBuilder(AuditEventEntity, 'event')
      .select('event.address', 'address')
      .addSelect('COUNT(*)', 'count')
      .addSelect('MAX(event.at)', 'lastAt')
      .where('event.at >= :since AND event.action = :action AND event.outcome = :outcome')
      .setParameters({ since, action, outcome: 'succeeded' })
      .groupBy('event.address')
      .orderBy('MAX(event.at)', 'DESC')
      .limit(maxAddresses)
      // PostgreSQL gives wide integers as text.
      .getRawMany<{ address: string; count: number | string; lastAt: number | string }>();
    return rows.map(({ address, count, lastAt }) => ({ address, count: Number(count), lastAt: Number(lastAt) }));
  }

  /** Newest first. */
  page(query: { readonly cursor?: string | undefined; readonly limit: number }): Promise<KeysetPage<AuditEventEntity>> {
    return keysetPage(this.database.read.createQueryBuilder(AuditEventEntity, 'event'), query, newestFirst);
  }
}
