import { Injectable } from '@nestjs/common';
import { In, LessThan } from 'typeorm';
import { Database } from '../../../core/database/database.ts';
import { ConfigDraftEntity } from './config-draft.entity.ts';

const server = 'local';

/** A draft that is to be kept. */
export type NewDraft = Omit<ConfigDraftEntity, 'server'>;

/** The only place with SQL about drafts. */
@Injectable()
export class DraftsRepository {
  constructor(private readonly database: Database) {}

  /** Somebody's draft of one file, unless it is older than that. */
  async find(userId: string, path: string, { notBefore }: { readonly notBefore: number }) {
    const found = await this.database.read.manager.findOneBy(ConfigDraftEntity, { server, userId, path });
    return found && found.savedAt >= notBefore ? found : null;
  }

  /**
   * Keeps a draft in place of the one before, and forgets everybody's that are older than `notBefore`. Resolves to false, and
   * keeps nothing, when its owner has `atMost` others.
   */
  async keep(
    draft: NewDraft,
    { notBefore, atMost }: { readonly notBefore: number; readonly atMost: number },
  ): Promise<boolean> {
    return this.database.write(async (manager) => {
      await this.database.exclusively(manager, 'config-draft');
      await manager.delete(ConfigDraftEntity, { server, savedAt: LessThan(notBefore) });
      const { userId, path } = draft;
      const isKnown = await manager.existsBy(ConfigDraftEntity, { server, userId, path });
      if (!isKnown && (await manager.countBy(ConfigDraftEntity, { server, userId })) >= atMost) return false;
      await manager.upsert(ConfigDraftEntity, { server, ...draft }, ['server', 'userId', 'path']);
      return true;
    });
  }

  /** Forgets somebody's drafts of these files. */
  async remove(userId: string, paths: readonly string[]): Promise<void> {
    await this.database.write((manager) => manager.delete(ConfigDraftEntity, { server, userId, path: In([...paths]) }));
  }
}
