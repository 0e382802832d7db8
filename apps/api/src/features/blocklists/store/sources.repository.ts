import { Injectable } from '@nestjs/common';
import { type EntityManager, In, type QueryDeepPartialEntity } from 'typeorm';
import { Database } from '../../../core/database/database.ts';
import { BlocklistSourceEntity } from './source.entity.ts';

/** Sources that there can be. */
export const maxSources = 200;

/** The only place with SQL about the subscriptions themselves. */
@Injectable()
export class SourcesRepository {
  constructor(private readonly database: Database) {}

  /** All, in the order they were made. */
  all(manager: EntityManager = this.database.read.manager): Promise<BlocklistSourceEntity[]> {
    return manager.find(BlocklistSourceEntity, { order: { createdAt: 'ASC', id: 'ASC' }, take: maxSources });
  }

  /** What those are called that have one of these ids, in the order they were made. */
  async named(ids: readonly string[]): Promise<Pick<BlocklistSourceEntity, 'id' | 'name' | 'isEnabled'>[]> {
    if (ids.length === 0) return [];
    return this.database.read.manager.find(BlocklistSourceEntity, {
      select: { id: true, name: true, isEnabled: true },
      where: { id: In([...ids]) },
      order: { createdAt: 'ASC', id: 'ASC' },
    });
  }

  byId(id: string, manager: EntityManager = this.database.read.manager): Promise<BlocklistSourceEntity | null> {
    return manager.findOneBy(BlocklistSourceEntity, { id });
  }

  byFeedName(feedName: string): Promise<BlocklistSourceEntity | null> {
    return this.database.read.manager.findOneBy(BlocklistSourceEntity, { feedName });
  }

  count(manager: EntityManager): Promise<number> {
    return manager.count(BlocklistSourceEntity);
  }

  /** Names under which lists are published, that begin like this one. */
  async feedNames(manager: EntityManager): Promise<ReadonlySet<string>> {
    const rows = await manager.find(BlocklistSourceEntity, { select: { feedName: true }, take: maxSources });
    return new Set(rows.map(({ feedName }) => feedName));
  }

  async add(manager: EntityManager, source: BlocklistSourceEntity): Promise<void> {
    // TypeORM's type for new rows does not know that `unknown` columns take any JSON.
    await manager.insert(BlocklistSourceEntity, source as QueryDeepPartialEntity<BlocklistSourceEntity>);
  }

  async change(manager: EntityManager, id: string, change: Partial<BlocklistSourceEntity>): Promise<void> {
    await manager.update(BlocklistSourceEntity, { id }, change as QueryDeepPartialEntity<BlocklistSourceEntity>);
  }

  /** Removes a source with all that was imported of it. */
  async remove(manager: EntityManager, id: string): Promise<void> {
    const parameter = this.database.kind === 'postgres' ? '$1' : '?';
    await manager.query(
      `DELETE FROM import_log WHERE run_id IN (SELECT id FROM import_run WHERE source_id = ${parameter})`,
      [id],
    );
    await manager.query(`DELETE FROM import_run WHERE source_id = ${parameter}`, [id]);
    await manager.query(`DELETE FROM blocklist_snapshot WHERE source_id = ${parameter}`, [id]);
    await manager.delete(BlocklistSourceEntity, { id });
  }
}
