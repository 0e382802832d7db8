import { type Network } from '@bangui/ip';
import { Injectable } from '@nestjs/common';
import { Brackets, type EntityManager, In, IsNull, LessThanOrEqual, MoreThan } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { type Keyset, keysetPage, type KeysetPage } from '../../core/database/keyset.ts';
import { AllowlistEntryEntity } from './allowlist-entry.entity.ts';
import { AllowlistPushEntity } from './allowlist-push.entity.ts';

/** Entries that the allowlist can hold; each is looked at before every ban. */
export const maxEntries = 10_000;
/** Entries that jails can be made to ignore: each jail compares each failure with each of them. */
export const maxPushed = 500;
/** Rows that one clean-up transaction removes at most. */
const biteRows = 500;
/** Today there is one fail2ban server. */
const server = 'local';

const newestFirst: Keyset<AllowlistEntryEntity> = {
  columns: ['entry.created_at', 'entry.id'],
  shape: ['number', 'string'],
  keyOf: ({ createdAt, id }) => [createdAt, id],
};

/** Which entries to list. */
export interface AllowlistFilter {
  /** Only those that share an address with it. */
  readonly network?: Network | undefined;
  /** Only those whose address, note or owner contains it. */
  readonly text?: string | undefined;
}

/** The bounds of a network as the table has them. */
export function boundsOf(network: Network): { firstKey: string; lastKey: string } {
  const first = Buffer.from(network.key()).toString('hex');
  const size = network.last - network.first;
  return { firstKey: first, lastKey: (BigInt(`0x${first}`) + size).toString(16).padStart(32, '0') };
}

/** The only place with SQL about the allowlist. */
@Injectable()
export class AllowlistRepository {
  constructor(private readonly database: Database) {}

  /** Newest first. */
  page(
    query: { readonly cursor?: string | undefined; readonly limit: number },
    { network, text }: AllowlistFilter,
  ): Promise<KeysetPage<AllowlistEntryEntity>> {
    const entries = this.database.read.createQueryBuilder(AllowlistEntryEntity, 'entry');
    if (network) {
      const { firstKey, lastKey } = boundsOf(network);
      entries.andWhere('entry.first_key <= :lastKey AND entry.last_key >= :firstKey', { firstKey, lastKey });
    } else if (text !== undefined) {
      const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
      const parts = ['address', 'note', 'owner'].map((part) => `lower(entry.${part}) LIKE :pattern ESCAPE '\\'`);
      entries.andWhere(new Brackets((either) => parts.forEach((part) => either.orWhere(part, { pattern }))));
    }
    return keysetPage(entries, query, newestFirst);
  }

  /** The entries that count at `now`; at most {@link maxEntries}. */
  inForce(now: number): Promise<Pick<AllowlistEntryEntity, 'address' | 'isPushedToFail2ban' | 'expiresAt'>[]> {
    return this.database.read.getRepository(AllowlistEntryEntity).find({
      select: { address: true, isPushedToFail2ban: true, expiresAt: true },
      where: [{ expiresAt: IsNull() }, { expiresAt: MoreThan(now) }],
      take: maxEntries,
    });
  }

  byId(id: string, manager: EntityManager): Promise<AllowlistEntryEntity | null> {
    return manager.findOneBy(AllowlistEntryEntity, { id });
  }

  /** Those of these addresses that have an entry, expired ones too. */
  known(manager: EntityManager, addresses: readonly string[]): Promise<AllowlistEntryEntity[]> {
    return manager.findBy(AllowlistEntryEntity, { address: In([...addresses]) });
  }

  count(manager: EntityManager): Promise<number> {
    return manager.count(AllowlistEntryEntity);
  }

  countPushed(manager: EntityManager): Promise<number> {
    return manager.countBy(AllowlistEntryEntity, { isPushedToFail2ban: true });
  }

  async add(manager: EntityManager, entries: readonly AllowlistEntryEntity[]): Promise<void> {
    await manager.insert(AllowlistEntryEntity, [...entries]);
  }

  async change(manager: EntityManager, entry: AllowlistEntryEntity): Promise<void> {
    await manager.update(AllowlistEntryEntity, { id: entry.id }, entry);
  }

  async remove(manager: EntityManager, ids: readonly string[]): Promise<void> {
    await manager.delete(AllowlistEntryEntity, { id: In([...ids]) });
  }

  /** Removes some entries whose time is over at `now`. */
  removeExpired(now: number): Promise<AllowlistEntryEntity[]> {
    return this.database.write(async (manager) => {
      const expired = await manager.find(AllowlistEntryEntity, {
        where: { expiresAt: LessThanOrEqual(now) },
        order: { expiresAt: 'ASC' },
        take: biteRows,
      });
      if (expired.length > 0) await manager.delete(AllowlistEntryEntity, { id: In(expired.map(({ id }) => id)) });
      return expired;
    });
  }

  /** What was put into the ignore lists, by jail. */
  async pushes(): Promise<Map<string, Set<string>>> {
    const byJail = new Map<string, Set<string>>();
    for (const { jail, address } of await this.database.read.getRepository(AllowlistPushEntity).findBy({ server })) {
      byJail.set(jail, (byJail.get(jail) ?? new Set()).add(address));
    }
    return byJail;
  }

  /** Remembers what is about to be put into the ignore list of a jail. */
  async addPushes(jail: string, addresses: readonly string[]): Promise<void> {
    const rows = addresses.map((address) => ({ server, jail, address }));
    await this.database.write(async (manager) => {
      for (let start = 0; start < rows.length; start += biteRows) {
        await manager.upsert(AllowlistPushEntity, rows.slice(start, start + biteRows), ['server', 'jail', 'address']);
      }
    });
  }

  /** Forgets what has been taken out of the ignore list of a jail. */
  async removePushes(jail: string, addresses: readonly string[]): Promise<void> {
    await this.database.write(async (manager) => {
      for (let start = 0; start < addresses.length; start += biteRows) {
        const some = addresses.slice(start, start + biteRows);
        await manager.delete(AllowlistPushEntity, { server, jail, address: In(some) });
      }
    });
  }
}
