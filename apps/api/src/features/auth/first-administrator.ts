import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.ts';
import { type AuditActor, AuditTrail } from '../audit/index.ts';
import { type NewAdministrator } from './auth.dto.ts';
import { checkPassword, Passwords } from './passwords.ts';
import { shownAdministrator } from './shown-administrator.ts';
import { type UserEntity } from './user.entity.ts';
import { UsersRepository } from './users.repository.ts';

/** Makes the administrator who makes all others: from a browser, the environment or the command line. */
@Injectable()
export class FirstAdministrator {
  constructor(
    private readonly users: UsersRepository,
    private readonly passwords: Passwords,
    private readonly database: Database,
    private readonly audit: AuditTrail,
  ) {}

  /**
   * Adds the first administrator, or returns undefined when there is one: of two attempts at the same time one wins.
   * Rejects with `PasswordRefused`.
   */
  async add(requester: AuditActor, { username, password }: NewAdministrator): Promise<UserEntity | undefined> {
    checkPassword(password, username, 'password');
    const hash = await this.passwords.hash(password);
    const user = await this.database.write(async (manager) => {
      await this.database.exclusively(manager, 'first-administrator');
      return (await this.users.isEmpty(manager)) ? this.users.add(manager, username, hash) : undefined;
    });
    if (user) {
      await this.audit.record({
        requester,
        action: 'administrator.create',
        subject: username,
        outcome: 'succeeded',
        after: shownAdministrator(user),
      });
    }
    return user;
  }
}
