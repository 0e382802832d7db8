import { Injectable } from '@nestjs/common';
import { Database } from '../../core/database/database.ts';
import { AuditTrail } from '../audit/index.ts';
import { type Requester } from '../../core/http/requester.ts';
import { type Administrator, type AdministratorList, type NewAdministrator } from './auth.dto.ts';
import { AdministratorUnknown, LastAdministrator, OwnAccount } from './auth.errors.ts';
import { checkPassword, Passwords } from './passwords.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';
import { shownAdministrator } from './shown-administrator.ts';
import { UsersRepository } from './users.repository.ts';

/** Adds and removes administrators. */
@Injectable()
export class AdministratorsService {
  constructor(
    private readonly users: UsersRepository,
    private readonly sessionRows: SessionsRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly database: Database,
    private readonly audit: AuditTrail,
  ) {}

  /** Whether nobody can sign in yet. */
  isEmpty(): Promise<boolean> {
    return this.users.isEmpty();
  }

  async list(): Promise<AdministratorList> {
    return { items: (await this.users.list()).map(shownAdministrator) };
  }

  /** Rejects with `UsernameTaken` or `PasswordRefused`. */
  async add(requester: Requester, { username, password }: NewAdministrator): Promise<Administrator> {
    checkPassword(password, username, 'password');
    const hash = await this.passwords.hash(password);
    const user = await this.database.write((manager) => this.users.add(manager, username, hash));
    await this.audit.record({
      requester,
      action: 'administrator.create',
      subject: username,
      outcome: 'succeeded',
      after: shownAdministrator(user),
    });
    return shownAdministrator(user);
  }

  /** Rejects with {@link AdministratorUnknown}, {@link OwnAccount} or {@link LastAdministrator}. */
  async remove(requester: Requester, id: string): Promise<void> {
    if (id === requester.userId) throw new OwnAccount();
    const { user, ended } = await this.database.write(async (manager) => {
      // Two administrators who delete each other at the same time must not both succeed.
      await this.database.exclusively(manager, 'administrators');
      const found = await this.users.byId(id, manager);
      if (!found) throw new AdministratorUnknown();
      if (!(await this.users.hasOther(id, manager))) throw new LastAdministrator();
      const sessions = await this.sessionRows.removeOthers(manager, id);
      await this.users.remove(manager, id);
      return { user: found, ended: sessions };
    });
    this.sessions.announce(ended);
    await this.audit.record({
      requester,
      action: 'administrator.delete',
      subject: user.username,
      outcome: 'succeeded',
      before: shownAdministrator(user),
    });
  }
}
