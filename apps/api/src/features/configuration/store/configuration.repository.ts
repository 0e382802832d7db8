import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Database } from '../../../core/database/database.ts';
import { type Keyset, keysetPage, type KeysetPage } from '../../../core/database/keyset.ts';
import { ConfigOwnedFileEntity } from './config-owned-file.entity.ts';
import { ConfigTransactionEntity, type FileChange } from './config-transaction.entity.ts';
import { ConfigVersionFileEntity } from './config-version-file.entity.ts';
import { ConfigVersionEntity } from './config-version.entity.ts';

const server = 'local';

const newestFirst: Keyset<ConfigVersionEntity> = {
  columns: ['version.number'],
  shape: ['number'],
  keyOf: ({ number }) => [number],
};

/** A version that is to be kept. */
export type NewVersion = Pick<ConfigVersionEntity, 'at' | 'kind' | 'actor' | 'comment' | 'restored'> & {
  readonly files: readonly FileChange[];
};

/** A version with the names of the files it changed. */
export type VersionSummary = ConfigVersionEntity & {
  readonly files: readonly { readonly path: string; readonly change: 'added' | 'changed' | 'removed' }[];
};

/** The only place with SQL about fail2ban's configuration. */
@Injectable()
export class ConfigurationRepository {
  constructor(private readonly database: Database) {}

  /** The change that is under way. */
  transaction(): Promise<ConfigTransactionEntity | null> {
    return this.database.read.manager.findOneBy(ConfigTransactionEntity, { server });
  }

  /** Begins a change. Resolves to false when one is under way already. */
  async begin(transaction: Omit<ConfigTransactionEntity, 'server'>): Promise<boolean> {
    return this.database.write(async (manager) => {
      await this.database.exclusively(manager, 'config-transaction');
      if (await manager.existsBy(ConfigTransactionEntity, { server })) return false;
      await manager.insert(ConfigTransactionEntity, { server, ...transaction });
      return true;
    });
  }

  /** Changes the one with this id. Resolves to false when it is no more, or somebody else's by now. */
  async update(
    id: string,
    change: Partial<Pick<ConfigTransactionEntity, 'state' | 'renewedAt' | 'files' | 'problem'>>,
  ): Promise<boolean> {
    return this.database.write(async (manager) => {
      const { affected } = await manager.update(ConfigTransactionEntity, { server, id }, change);
      return affected === 1;
    });
  }

  /**
   * Takes an abandoned one over as it was seen, under another id: whoever had it can do nothing to it any more. Resolves to
   * false when somebody else was faster or its holder lives.
   */
  async takeOver(
    seen: Pick<ConfigTransactionEntity, 'id' | 'renewedAt'>,
    by: Pick<ConfigTransactionEntity, 'id' | 'holder' | 'renewedAt'>,
  ): Promise<boolean> {
    return this.database.write(async (manager) => {
      const { affected } = await manager.update(
        ConfigTransactionEntity,
        { server, id: seen.id, renewedAt: seen.renewedAt },
        by,
      );
      return affected === 1;
    });
  }

  /** Ends a change of which nothing is to stay. */
  async abandon(id: string): Promise<void> {
    await this.database.write((manager) => manager.delete(ConfigTransactionEntity, { server, id }));
  }

  /**
   * Ends a change: its version is kept and the transaction is over, both or neither. Resolves to the version's number, and
   * to undefined when the transaction is no longer the holder's.
   */
  async finish(
    id: string,
    version: NewVersion,
    owned: readonly Pick<ConfigOwnedFileEntity, 'path' | 'how'>[],
  ): Promise<number | undefined> {
    return this.database.write(async (manager) => {
      await this.database.exclusively(manager, 'config-transaction');
      const { affected } = await manager.delete(ConfigTransactionEntity, { server, id });
      return affected === 1 ? this.add(manager, version, owned) : undefined;
    });
  }

  /** Newest first. */
  async versions(query: {
    readonly cursor?: string | undefined;
    readonly limit: number;
  }): Promise<KeysetPage<VersionSummary>> {
    const rows = this.database.read
      .createQueryBuilder(ConfigVersionEntity, 'version')
      .where('version.server = :server', { server });
    const page = await keysetPage(rows, query, newestFirst);
    const files = await this.changesOf(page.items.map(({ number }) => number));
    return {
      nextCursor: page.nextCursor,
      items: page.items.map((version) => ({
        ...version,
        files: files.filter(({ number }) => number === version.number).map(({ path, change }) => ({ path, change })),
      })),
    };
  }

  /** One version with its files, by path. */
  async version(number: number): Promise<(ConfigVersionEntity & { readonly files: ConfigVersionFileEntity[] }) | null> {
    const { manager } = this.database.read;
    const version = await manager.findOneBy(ConfigVersionEntity, { server, number });
    if (!version) return null;
    const files = await manager.find(ConfigVersionFileEntity, { where: { server, number }, order: { path: 'ASC' } });
    return { ...version, files };
  }

  /** The number of the newest version; null before the first. */
  async newest(): Promise<number | null> {
    const [row] = await this.database.read.manager.find(ConfigVersionEntity, {
      where: { server },
      order: { number: 'DESC' },
      take: 1,
    });
    return row?.number ?? null;
  }

  /** The text that each file changed since a version had in that version; null where there was none. By path. */
  async asOf(number: number): Promise<Map<string, string | null>> {
    const rows = await this.database.read.query<{ path: string; before: string | null }[]>(
      `SELECT f.path AS path, f.before AS before FROM config_version_file f
       WHERE f.server = '${server}' AND f.number = (
         SELECT min(g.number) FROM config_version_file g
         WHERE g.server = f.server AND g.path = f.path AND g.number > ${Math.trunc(number)})
       ORDER BY f.path`,
    );
    return new Map(rows.map(({ path, before }) => [path, before]));
  }

  /** Files that are BanGUI's by having been made or handed over, by path. */
  async owned(): Promise<Map<string, ConfigOwnedFileEntity>> {
    const rows = await this.database.read.manager.findBy(ConfigOwnedFileEntity, { server });
    return new Map(rows.map((row) => [row.path, row]));
  }

  private async changesOf(
    numbers: readonly number[],
  ): Promise<{ number: number; path: string; change: 'added' | 'changed' | 'removed' }[]> {
    if (numbers.length === 0) return [];
    const rows = await this.database.read.query<
      { number: number; path: string; was: number | boolean; is: number | boolean }[]
    >(
      `SELECT number, path, before IS NOT NULL AS was, after IS NOT NULL AS "is" FROM config_version_file
       WHERE server = '${server}' AND number IN (${numbers.map((number) => Math.trunc(number)).join(', ')})
       ORDER BY number, path`,
    );
    return rows.map(({ number, path, was, is }) => ({
      number,
      path,
      change: !was ? 'added' : is ? 'changed' : 'removed',
    }));
  }

  private async add(
    manager: EntityManager,
    { files, ...version }: NewVersion,
    owned: readonly Pick<ConfigOwnedFileEntity, 'path' | 'how'>[],
  ): Promise<number> {
    const [newest] = await manager.find(ConfigVersionEntity, {
      where: { server },
      order: { number: 'DESC' },
      take: 1,
    });
    const number = (newest?.number ?? 0) + 1;
    await manager.insert(ConfigVersionEntity, { server, number, ...version });
    for (const file of files) await manager.insert(ConfigVersionFileEntity, { server, number, ...file });
    for (const { path, how } of owned) {
      const isKnown = await manager.existsBy(ConfigOwnedFileEntity, { server, path });
      if (!isKnown) {
        const { at: since, actor } = version;
        await manager.insert(ConfigOwnedFileEntity, { server, path, how, since, actor });
      }
    }
    return number;
  }
}
