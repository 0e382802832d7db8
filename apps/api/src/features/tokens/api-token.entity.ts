import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { integerColumn, jsonColumn } from '../../core/database/columns.ts';

/** What a token may be allowed to do. */
export const tokenScopes = ['enforcement:read', 'enforcement:report', 'feeds:read', 'metrics:read'] as const;

/** One of {@link tokenScopes}. */
export type TokenScopeName = (typeof tokenScopes)[number];

/** A token with which a program reads or reports. */
@Entity('api_token')
@Unique('uq_api_token_token_hash', ['tokenHash'])
@Index('ix_api_token_created', ['createdAt', 'id'])
export class ApiTokenEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_api_token' })
  id: string;

  /** What a person calls it. */
  @Column({ type: 'varchar', length: 64 })
  name: string;

  /** SHA-256 of the token in hex: whoever reads the table cannot use it. 256 random bits need no slower hash. */
  @Column({ name: 'token_hash', type: 'varchar', length: 64 })
  tokenHash: string;

  @Column({ ...jsonColumn })
  scopes: TokenScopeName[];

  /** Name of the user who made it. */
  @Column({ type: 'varchar', length: 64 })
  owner: string;

  /** Epoch milliseconds. */
  @Column({ name: 'created_at', ...integerColumn })
  createdAt: number;

  /** Epoch milliseconds from which on it is refused; null for never. */
  @Column({ name: 'expires_at', ...integerColumn, nullable: true })
  expiresAt: number | null;

  /** Epoch milliseconds, exact to a minute; null before the first use. */
  @Column({ name: 'last_used_at', ...integerColumn, nullable: true })
  lastUsedAt: number | null;
}
