import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { Database } from '../../core/database/database.ts';
import { EventBus } from '../../core/events/event-bus.ts';
import { InstanceBus } from '../../core/instances/index.ts';
import { SessionUnknown } from './auth.errors.ts';
import { maxToldSessions, sessionEnded, sessionsEnded } from './session-ended.ts';
import { SessionEntity } from './session.entity.ts';
import { type SessionOfUser, SessionsRepository } from './sessions.repository.ts';
import { type UserEntity } from './user.entity.ts';
import { UsersRepository } from './users.repository.ts';

/** No session lives longer than this, however it is used; milliseconds. */
export const absoluteLimitMs = 12 * 60 * 60 * 1000;

/** Use is written down at most this often, in milliseconds: reads should not turn into writes. */
const maxTouchIntervalMs = 60_000;

/** A token is 32 random bytes in base64url. */
const tokenPattern = /^[A-Za-z0-9_-]{43}$/;

/** Where a session is opened from. */
export interface SessionOrigin {
  readonly address: string;
  readonly userAgent: string;
}

/** A fresh session. The token exists only here and in the browser's cookie. */
export interface OpenedSession {
  readonly token: string;
  readonly session: SessionEntity;
}

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

/** Opens, finds and ends sessions. A session slides while it is used, up to the absolute limit. */
@Injectable()
export class SessionsService {
  constructor(
    private readonly sessions: SessionsRepository,
    private readonly users: UsersRepository,
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly settings: Settings,
    private readonly events: EventBus,
    private readonly bus: InstanceBus,
  ) {}

  private get idleMs(): number {
    return this.settings.sessionDurationMinutes * 60_000;
  }

  /** Opens a session for a user whose password was right, and forgets sessions that have ended. */
  async open(user: UserEntity, origin: SessionOrigin): Promise<OpenedSession> {
    const token = randomBytes(32).toString('base64url');
    const now = this.clock.now();
    const absoluteExpiresAt = now + absoluteLimitMs;
    const session = Object.assign(new SessionEntity(), {
      id: randomUUID(),
      tokenHash: hashOf(token),
      userId: user.id,
      address: origin.address.slice(0, 64),
      userAgent: origin.userAgent.slice(0, 256),
      createdAt: now,
      lastUsedAt: now,
      expiresAt: Math.min(now + this.idleMs, absoluteExpiresAt),
      absoluteExpiresAt,
    });
    await this.database.write(async (manager) => {
      await this.sessions.removeExpired(manager, now);
      await this.sessions.add(manager, session);
      await this.users.signedIn(manager, user.id);
    });
    return { token, session };
  }

  /** The session of a token, prolonged by this use; undefined when there is none or it has ended. */
  async use(token: string | undefined): Promise<SessionOfUser | undefined> {
    if (token === undefined || !tokenPattern.test(token)) return undefined;
    const found = await this.sessions.byTokenHash(hashOf(token));
    const now = this.clock.now();
    if (!found || found.session.expiresAt <= now || found.session.absoluteExpiresAt <= now) return undefined;
    const { session } = found;
    if (now - session.lastUsedAt >= Math.min(maxTouchIntervalMs, this.idleMs / 10)) {
      session.lastUsedAt = now;
      session.expiresAt = Math.min(now + this.idleMs, session.absoluteExpiresAt);
      await this.sessions.touch(session.id, session.lastUsedAt, session.expiresAt);
    }
    return found;
  }

  /** When a session ends unless it is used; epoch milliseconds, undefined when it has ended or never was. */
  async expiryOf(sessionId: string): Promise<number | undefined> {
    const session = await this.sessions.byId(sessionId);
    return session && session.expiresAt > this.clock.now() ? session.expiresAt : undefined;
  }

  /** The open sessions of a user, newest first. */
  listOf(userId: string): Promise<SessionEntity[]> {
    return this.sessions.listOf(userId, this.clock.now());
  }

  /** Ends one session of a user. Rejects with {@link SessionUnknown}. */
  async end(userId: string, sessionId: string): Promise<void> {
    const ended = await this.database.write((manager) => this.sessions.remove(manager, userId, sessionId));
    if (ended.length === 0) throw new SessionUnknown();
    this.announce(ended);
  }

  /**
   * Tells those who hold streams open for these sessions, on every instance. Call it after the change was committed:
   * others look the sessions up before they believe it.
   */
  announce(sessionIds: readonly string[]): void {
    for (const sessionId of sessionIds) this.events.emit(sessionEnded, { sessionId });
    for (let start = 0; start < sessionIds.length; start += maxToldSessions) {
      this.bus.publish(sessionsEnded, { ids: sessionIds.slice(start, start + maxToldSessions) });
    }
  }
}
