import { Injectable } from '@nestjs/common';
import { type EntityManager, In, LessThanOrEqual, MoreThan, Not } from 'typeorm';
import { Database } from '../../core/database/database.ts';
import { SessionEntity } from './session.entity.ts';
import { UserEntity } from './user.entity.ts';

/** A session and whose it is. */
export interface SessionOfUser {
  readonly session: SessionEntity;
  readonly user: UserEntity;
}

/** Most sessions ever listed. */
const maxListed = 200;

/** The only place with SQL about sessions. */
@Injectable()
export class SessionsRepository {
  constructor(private readonly database: Database) {}

  /** By the hash of the cookie's token. */
  async byTokenHash(tokenHash: string): Promise<SessionOfUser | undefined> {
    const manager = this.database.read.manager;
    const session = await manager.findOneBy(SessionEntity, { tokenHash });
    const user = session && (await manager.findOneBy(UserEntity, { id: session.userId }));
    return session && user ? { session, user } : undefined;
  }

  byId(id: string): Promise<SessionEntity | null> {
    return this.database.read.manager.findOneBy(SessionEntity, { id });
  }

  /** Newest first. */
  listOf(userId: string, now: number): Promise<SessionEntity[]> {
    return this.database.read.manager.find(SessionEntity, {
      where: { userId, expiresAt: MoreThan(now) },
      order: { createdAt: 'DESC', id: 'DESC' },
      take: maxListed,
    });
  }

  async add(manager: EntityManager, session: SessionEntity): Promise<void> {
    await manager.insert(SessionEntity, session);
  }

  async touch(id: string, lastUsedAt: number, expiresAt: number): Promise<void> {
    await this.database.write((manager) => manager.update(SessionEntity, { id }, { lastUsedAt, expiresAt }));
  }

  /** Ends one session of a user. Returns the ids that ended. */
  async remove(manager: EntityManager, userId: string, id: string): Promise<string[]> {
    const { affected } = await manager.delete(SessionEntity, { id, userId });
    return affected ? [id] : [];
  }

  /** Ends a user's sessions, save one. Returns the ids that ended. */
  async removeOthers(manager: EntityManager, userId: string, keptId?: string): Promise<string[]> {
    const where = keptId === undefined ? { userId } : { userId, id: Not(keptId) };
    const ids = (await manager.find(SessionEntity, { select: { id: true }, where })).map(({ id }) => id);
    await manager.delete(SessionEntity, { userId, id: In(ids) });
    return ids;
  }

  /** Forgets what has ended; resolves to how many. */
  async removeExpired(manager: EntityManager, now: number): Promise<number> {
    const { affected } = await manager.delete(SessionEntity, { expiresAt: LessThanOrEqual(now) });
    return affected ?? 0;
  }
}
