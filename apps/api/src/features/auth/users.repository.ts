import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager, Not, QueryFailedError } from 'typeorm';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { UsernameTaken } from './auth.errors.ts';
import { UserEntity } from './user.entity.ts';

/** Most users ever listed. */
const maxListed = 200;

/** Users may not differ in case alone. */
const keyOf = (username: string): string => username.toLowerCase();

/** The only place with SQL about users. */
@Injectable()
export class UsersRepository {
  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
  ) {}

  /** Whether there is nobody yet. */
  async isEmpty(manager: EntityManager = this.database.read.manager): Promise<boolean> {
    return !(await manager.existsBy(UserEntity, { role: 'administrator' }));
  }

  byName(username: string): Promise<UserEntity | null> {
    return this.database.read.manager.findOneBy(UserEntity, { usernameKey: keyOf(username) });
  }

  byId(id: string, manager: EntityManager = this.database.read.manager): Promise<UserEntity | null> {
    return manager.findOneBy(UserEntity, { id });
  }

  /** In the order they were made. */
  list(): Promise<UserEntity[]> {
    return this.database.read.manager.find(UserEntity, { order: { createdAt: 'ASC', id: 'ASC' }, take: maxListed });
  }

  /** Whether somebody else could administrate if this user were gone. */
  hasOther(id: string, manager: EntityManager): Promise<boolean> {
    return manager.existsBy(UserEntity, { role: 'administrator', id: Not(id) });
  }

  /** Adds an administrator. Rejects with {@link UsernameTaken}. */
  async add(manager: EntityManager, username: string, passwordHash: string): Promise<UserEntity> {
    const user = manager.create(UserEntity, {
      id: randomUUID(),
      username,
      usernameKey: keyOf(username),
      passwordHash,
      role: 'administrator',
      createdAt: this.clock.now(),
      lastSignInAt: null,
    });
    try {
      await manager.insert(UserEntity, user);
    } catch (error) {
      if (error instanceof QueryFailedError && /unique|uq_user_username_key/i.test(error.message))
        throw new UsernameTaken();
      throw error;
    }
    return user;
  }

  async setPassword(manager: EntityManager, id: string, passwordHash: string): Promise<void> {
    await manager.update(UserEntity, { id }, { passwordHash });
  }

  async signedIn(manager: EntityManager, id: string): Promise<void> {
    await manager.update(UserEntity, { id }, { lastSignInAt: this.clock.now() });
  }

  async remove(manager: EntityManager, id: string): Promise<void> {
    await manager.delete(UserEntity, { id });
  }
}
