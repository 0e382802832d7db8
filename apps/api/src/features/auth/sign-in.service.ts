import { Injectable } from '@nestjs/common';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { AuditTrail } from '../audit/index.ts';
import { CredentialsWrong, TooManyAttempts } from './auth.errors.ts';
import { Passwords } from './passwords.ts';
import { type OpenedSession, SessionsService } from './sessions.service.ts';
import { SignInThrottle } from './sign-in-throttle.ts';
import { type UserEntity } from './user.entity.ts';
import { UsersRepository } from './users.repository.ts';

/** Who asks to sign in, from where. */
export interface SignInRequest {
  readonly username: string;
  readonly password: string;
  readonly address: string;
  readonly userAgent: string;
  readonly requestId: string;
}

/** What a sign-in gives. */
export interface SignedIn extends OpenedSession {
  readonly user: UserEntity;
}

/** Checks passwords. Unknown users cost the same time and get the same answer as wrong passwords. */
@Injectable()
export class SignInService {
  constructor(
    private readonly users: UsersRepository,
    private readonly sessions: SessionsService,
    private readonly passwords: Passwords,
    private readonly throttle: SignInThrottle,
    private readonly audit: AuditTrail,
    private readonly log: Log,
  ) {}

  /** Rejects with {@link CredentialsWrong} or {@link TooManyAttempts}. */
  async signIn(request: SignInRequest): Promise<SignedIn> {
    try {
      await this.throttle.attempt(request.address, request.username);
      const user = await this.users.byName(request.username);
      const isRight = await this.passwords.matches(request.password, user?.passwordHash);
      if (!user || !isRight) throw new CredentialsWrong();
      await this.throttle.succeeded(request.address, request.username);
      return await this.open(user, request);
    } catch (error) {
      if (error instanceof CredentialsWrong || error instanceof TooManyAttempts) this.logFailure(request);
      throw error;
    }
  }

  /** Opens a session for somebody whose right was proven otherwise. */
  async open(
    user: UserEntity,
    { address, userAgent, requestId }: Omit<SignInRequest, 'username' | 'password'>,
  ): Promise<SignedIn> {
    const opened = await this.sessions.open(user, { address, userAgent });
    this.log.info(logEvents.signedIn, { address, username: user.username });
    await this.audit.record({
      requester: { username: user.username, address, requestId },
      action: 'session.create',
      subject: user.username,
      outcome: 'succeeded',
    });
    return { ...opened, user };
  }

  /** fail2ban bans by this line: docker/fail2ban/filter.d/bangui.conf. The address stays before what a stranger wrote. */
  private logFailure({ address, username }: SignInRequest): void {
    this.log.warn(logEvents.signInFailed, { address, username });
  }
}
