import { Injectable } from '@nestjs/common';
import { Settings } from '../../core/config/settings.ts';
import { Database } from '../../core/database/database.ts';
import { type Requester } from '../../core/http/requester.ts';
import { version } from '../../core/version.ts';
import { AuditTrail } from '../audit/index.ts';
import { type OpenSessionList, type PasswordChange, type Session } from './auth.dto.ts';
import { CurrentPasswordWrong, NotSignedIn } from './auth.errors.ts';
import { checkPassword, Passwords } from './passwords.ts';
import { type SessionEntity } from './session.entity.ts';
import { SessionsRepository } from './sessions.repository.ts';
import { SessionsService } from './sessions.service.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { type UserEntity } from './user.entity.ts';
import { UsersRepository } from './users.repository.ts';

/** What a user may do with their own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly users: UsersRepository,
    private readonly sessionRows: SessionsRepository,
    private readonly sessionsOf: SessionsService,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly settings: Settings,
  ) {}

  describe({ user, session }: { readonly user: UserEntity; readonly session: SessionEntity }): Session {
    return {
      username: user.username,
      role: user.role,
      expiresAt: session.expiresAt,
      absoluteExpiresAt: session.absoluteExpiresAt,
      demo: this.settings.demoReason ?? null,
      version,
    };
  }

  async session({ userId, sessionId }: Requester): Promise<Session> {
    const [user, session] = await Promise.all([this.users.byId(userId), this.sessionRows.byId(sessionId)]);
    // Both were there when the guard looked; they may have gone since.
    if (!user || !session) throw new NotSignedIn();
    return this.describe({ user, session });
  }

  async sessions({ userId, sessionId }: Requester): Promise<OpenSessionList> {
    const sessions = await this.sessionsOf.listOf(userId);
    return {
      items: sessions.map(({ id, address, userAgent, createdAt, lastUsedAt, expiresAt }) => ({
        id,
        address,
        userAgent,
        createdAt,
        lastUsedAt,
        expiresAt,
        current: id === sessionId,
      })),
    };
  }

  /** Ends one of the requester's sessions. Rejects with `SessionUnknown`. */
  async endSession(requester: Requester, sessionId: string): Promise<void> {
    await this.sessionsOf.end(requester.userId, sessionId);
    await this.audit.record({
      requester,
      action: 'session.delete',
      subject: requester.username,
      outcome: 'succeeded',
      detail: { sessionId },
    });
  }

  /**
   * Proves that the requester is still who signed in, before something that a stolen session must not do. Rejects with
   * {@link CurrentPasswordWrong} or `TooManyAttempts`.
   * @param action what it is for, as the audit log names it
   */
  async confirm(requester: Requester, password: string, action: string): Promise<void> {
    const { address, username, userId } = requester;
    // A stolen session must not become a way to guess the password.
    await this.throttle.attempt(address, username);
    const user = await this.users.byId(userId);
    if (!(await this.passwords.matches(password, user?.passwordHash))) {
      await this.audit.record({ requester, action, subject: username, outcome: 'refused' });
      throw new CurrentPasswordWrong();
    }
    await this.throttle.succeeded(address, username);
  }

  /** Rejects with {@link CurrentPasswordWrong}, `PasswordRefused` or `TooManyAttempts`. */
  async changePassword(requester: Requester, { currentPassword, newPassword }: PasswordChange): Promise<void> {
    const { username, userId } = requester;
    await this.confirm(requester, currentPassword, 'password.change');
    checkPassword(newPassword, username, 'newPassword');
    const hash = await this.passwords.hash(newPassword);
    const ended = await this.database.write(async (manager) => {
      await this.users.setPassword(manager, userId, hash);
      return this.sessionRows.removeOthers(manager, userId, requester.sessionId);
    });
    this.sessionsOf.announce(ended);
    await this.audit.record({
      requester,
      action: 'password.change',
      subject: username,
      outcome: 'succeeded',
      detail: { endedSessions: ended.length },
    });
  }
}
