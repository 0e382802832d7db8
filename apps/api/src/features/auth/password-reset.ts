import { type Clock } from '../../core/clock.ts';
import { type Database } from '../../core/database/database.ts';
import { type AuditActor, type AuditTrail } from '../audit/index.ts';
import { type Administrator } from './auth.dto.ts';
import { AdministratorUnknown } from './auth.errors.ts';
import { checkPassword, Passwords } from './passwords.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { UsersRepository } from './users.repository.ts';

/** Gives an administrator who cannot sign in a new password. Only for who may read the database: nothing is asked. */
export class PasswordReset {
  private readonly users: UsersRepository;
  private readonly sessions: SessionsRepository;
  private readonly passwords = new Passwords();

  constructor(
    private readonly database: Database,
    clock: Clock,
    private readonly audit: AuditTrail,
  ) {
    this.users = new UsersRepository(database, clock);
    this.sessions = new SessionsRepository(database);
  }

  /** In the order they were made, at most 200. */
  async administrators(): Promise<Pick<Administrator, 'username' | 'createdAt' | 'lastSignInAt'>[]> {
    const users = await this.users.list();
    return users.map(({ username, createdAt, lastSignInAt }) => ({ username, createdAt, lastSignInAt }));
  }

  /**
   * Sets the password, ends all sessions of the user, and writes it down. An instance that runs refuses the sessions at their
   * next request; an event stream that is open goes on until its session would have ended.
   * @throws AdministratorUnknown, PasswordRefused
   */
  async reset(
    requester: AuditActor,
    username: string,
    password: string,
  ): Promise<{ readonly name: string; readonly endedSessions: number }> {
    const user = await this.users.byName(username);
    if (!user) throw new AdministratorUnknown();
    checkPassword(password, user.username, 'newPassword');
    const hash = await this.passwords.hash(password);
    const ended = await this.database.write(async (manager) => {
      await this.users.setPassword(manager, user.id, hash);
      return this.sessions.removeOthers(manager, user.id);
    });
    await this.audit.record({
      requester,
      action: 'password.reset',
      subject: user.username,
      outcome: 'succeeded',
      detail: { endedSessions: ended.length },
    });
    return { name: user.username, endedSessions: ended.length };
  }

  /** Ends the thread that hashes. */
  close(): Promise<void> {
    return this.passwords.onModuleDestroy();
  }
}
