import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { type EntityManager } from 'typeorm';
import { Clock } from '../../core/clock.ts';
import { Database } from '../../core/database/database.ts';
import { type Requester } from '../../core/http/requester.ts';
import { Log } from '../../core/logging/log.ts';
import { logEvents } from '../../core/logging/log-events.ts';
import { type AuditActor, AuditTrail } from '../audit/index.ts';
import { ApiTokenEntity } from './api-token.entity.ts';
import { hashOf, isSameHash, newToken } from './token-text.ts';
import {
  type ApiToken,
  type CreatedApiToken,
  type NewApiToken,
  type TokenPage,
  type TokenQuery,
} from './tokens.dto.ts';
import { TokenExpiryPast, TokenUnknown, TooManyTokens } from './tokens.errors.ts';
import { TokensRepository } from './tokens.repository.ts';

/** Use is written down at most this often, in milliseconds: reads should not turn into writes. */
const touchEveryMs = 60_000;
/** Tokens that there can be. */
const maxTokens = 1_000;

/** Makes, finds and revokes API tokens. */
@Injectable()
export class TokensService {
  constructor(
    private readonly tokens: TokensRepository,
    private readonly database: Database,
    private readonly audit: AuditTrail,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Newest first. */
  async page(query: TokenQuery): Promise<TokenPage> {
    const { items, nextCursor } = await this.tokens.page(query);
    return { items: items.map((token) => this.shown(token)), nextCursor };
  }

  /** Makes a token; the answer is the only place where it ever is. @throws {TokenExpiryPast | TooManyTokens} */
  async create(wanted: NewApiToken, requester: AuditActor): Promise<CreatedApiToken> {
    const token = newToken();
    const entity = this.entityOf(token, wanted, requester);
    await this.database.write((manager) => this.add(manager, entity));
    return { ...(await this.recorded(entity, requester)), token };
  }

  /**
   * Takes up a token that was made elsewhere, unless it is known already. Several instances may do so at once.
   * @throws {TokenExpiryPast | TooManyTokens}
   */
  async adopt(token: string, wanted: NewApiToken, requester: AuditActor): Promise<void> {
    const entity = this.entityOf(token, wanted, requester);
    const isNew = await this.database.write(async (manager) => {
      await this.database.exclusively(manager, 'api-tokens');
      if (await this.tokens.isKnown(manager, entity.tokenHash)) return false;
      await this.add(manager, entity);
      return true;
    });
    if (isNew) await this.recorded(entity, requester);
  }

  /** Ends a token at once. @throws {TokenUnknown} */
  async revoke(id: string, requester: Requester): Promise<void> {
    const token = await this.database.write(async (manager) => {
      const found = await this.tokens.byId(id, manager);
      if (!found) throw new TokenUnknown();
      await this.tokens.remove(manager, id);
      return found;
    });
    const before = this.shown(token);
    await this.audit.record({ requester, action: 'token.delete', subject: token.name, outcome: 'succeeded', before });
  }

  /** What a token stands for; undefined when it is unknown, revoked or expired. Notes the use. */
  async use(token: string): Promise<ApiTokenEntity | undefined> {
    const hash = hashOf(token);
    const found = await this.tokens.byHash(hash);
    const now = this.clock.now();
    if (!found || !isSameHash(found.tokenHash, hash) || isExpired(found, now)) return undefined;
    if (found.lastUsedAt === null || now - found.lastUsedAt >= touchEveryMs) this.touch(found.id, now);
    return found;
  }

  /** Nobody waits for it: whoever reads a list must not wait behind a long write. */
  private touch(id: string, now: number): void {
    this.tokens
      .touch(id, now, now - touchEveryMs)
      .catch((error: unknown) => this.log.warn(logEvents.apiTokenUseNotStored, { error }));
  }

  private entityOf(token: string, { name, scopes, expiresAt }: NewApiToken, requester: AuditActor): ApiTokenEntity {
    const now = this.clock.now();
    if (typeof expiresAt === 'number' && expiresAt <= now) throw new TokenExpiryPast();
    return Object.assign(new ApiTokenEntity(), {
      id: randomUUID(),
      name: name.trim(),
      tokenHash: hashOf(token),
      scopes,
      owner: requester.username,
      createdAt: now,
      expiresAt: expiresAt ?? null,
      lastUsedAt: null,
    });
  }

  private async add(manager: EntityManager, entity: ApiTokenEntity): Promise<void> {
    await this.database.exclusively(manager, 'api-tokens');
    if ((await this.tokens.count(manager)) >= maxTokens) throw new TooManyTokens(maxTokens);
    await this.tokens.add(manager, entity);
  }

  private async recorded(entity: ApiTokenEntity, requester: AuditActor): Promise<ApiToken> {
    const after = this.shown(entity);
    await this.audit.record({ requester, action: 'token.create', subject: entity.name, outcome: 'succeeded', after });
    return after;
  }

  private shown(token: ApiTokenEntity): ApiToken {
    const { id, name, scopes, owner, createdAt, expiresAt, lastUsedAt } = token;
    const isOver = isExpired(token, this.clock.now());
    return { id, name, scopes, owner, createdAt, expiresAt, isExpired: isOver, lastUsedAt };
  }
}

function isExpired({ expiresAt }: ApiTokenEntity, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}
