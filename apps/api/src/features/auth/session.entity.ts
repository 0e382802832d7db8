import { Column, Entity, ForeignKey, Index, PrimaryColumn, Unique } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';
import { UserEntity } from './user.entity.ts';

/** One browser that is signed in. */
@Entity('session')
@Unique('uq_session_token_hash', ['tokenHash'])
@Index('ix_session_user', ['userId', 'createdAt', 'id'])
@Index('ix_session_expires_at', ['expiresAt'])
export class SessionEntity {
  /** Public name of the session; knowing it gives no access. */
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_session' })
  id: string;

  /** SHA-256 of the cookie's token in hex: whoever reads the table cannot sign in with it. */
  @Column({ name: 'token_hash', type: 'varchar', length: 64 })
  tokenHash: string;

  @Column({ name: 'user_id', type: 'varchar', length: 36 })
  @ForeignKey(() => UserEntity, { name: 'fk_session_user', onDelete: 'CASCADE' })
  userId: string;

  /** Where it was opened from. */
  @Column({ type: 'varchar', length: 64 })
  address: string;

  @Column({ name: 'user_agent', type: 'varchar', length: 256 })
  userAgent: string;

  /** Epoch milliseconds. */
  @Column({ name: 'created_at', ...integerColumn })
  createdAt: number;

  /** Epoch milliseconds. Written at most once a minute. */
  @Column({ name: 'last_used_at', ...integerColumn })
  lastUsedAt: number;

  /** Epoch milliseconds. Moves with use, never beyond the absolute limit. */
  @Column({ name: 'expires_at', ...integerColumn })
  expiresAt: number;

  /** Epoch milliseconds. Never moves. */
  @Column({ name: 'absolute_expires_at', ...integerColumn })
  absoluteExpiresAt: number;
}
