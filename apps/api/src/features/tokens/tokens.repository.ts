import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { type Keyset, keysetPage, type KeysetPage } from '../../core/database/keyset.ts';
import { ApiTokenEntity } from './api-token.entity.ts';

const newestFirst: Keyset<ApiTokenEntity> = {
  columns: ['token.created_at', 'token.id'],
  shape: ['number', 'string'],
  keyOf: ({ createdAt, id }) => [createdAt, id],
};

/** The only place with SQL about API tokens. */
@Injectable()
export class TokensRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  page(query: { readonly cursor?: string | undefined; readonly limit: number }): Promise<KeysetPage<ApiTokenEntity>> {
    return keysetPage(this.database.read.createQueryBuilder(ApiTokenEntity, 'token'), query, newestFirst);
  }

  byHash(tokenHash: string): Promise<ApiTokenEntity | null> {
    return this.database.read.manager.findOneBy(ApiTokenEntity, { tokenHash });
  }

  isKnown(manager: EntityManager, tokenHash: string): Promise<boolean> {
    return manager.existsBy(ApiTokenEntity, { tokenHash });
  }

  byId(id: string, manager: EntityManager): Promise<ApiTokenEntity | null> {
    return manager.findOneBy(ApiTokenEntity, { id });
  }

  count(manager: EntityManager): Promise<number> {
    return manager.count(ApiTokenEntity);
  }

  async add(manager: EntityManager, token: ApiTokenEntity): Promise<void> {
    await manager.insert(ApiTokenEntity, { ...token });
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.delete(ApiTokenEntity, { id });
  }

  /** Writes the use down, unless it was written since `unlessAfter`. */
  async touch(id: string, lastUsedAt: number, unlessAfter: number): Promise<void> {
    await this.database.write((manager) =>
      manager
        .createQueryBuilder()
        .update(ApiTokenEntity)
        .set({ lastUsedAt })
        .where('id = :id AND (last_used_at IS NULL OR last_used_at <= :unlessAfter)', { id, unlessAfter })
        .execute(),
    );
  }
}
