import { Injectable } from '@nestjs/common';
import { type QueryDeepPartialEntity } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { type Keyset, keysetPage, type KeysetPage } from '../../core/database/keyset.ts';
import { AuditEventEntity } from './audit-event.entity.ts';

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

  /** Newest first. */
  page(query: { readonly cursor?: string | undefined; readonly limit: number }): Promise<KeysetPage<AuditEventEntity>> {
    return keysetPage(this.database.read.createQueryBuilder(AuditEventEntity, 'event'), query, newestFirst);
  }
}
