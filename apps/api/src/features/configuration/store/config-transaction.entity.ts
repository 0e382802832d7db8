import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../../core/database/columns.ts';
import { type ProcessIdentity } from '../../../core/instances/process-identity.ts';
import { type VersionKind } from './config-version.entity.ts';

/** One file before and after a change; null where there is none. */
export interface FileChange {
  readonly path: string;
  readonly before: string | null;
  readonly after: string | null;
}

/**
 * How far a change is. `checking`: nothing was touched. `writing`: files may be written and fail2ban may have been told.
 * `undoing`: files may be back. `stuck`: undoing failed, and somebody has to help.
 */
export type TransactionState = 'checking' | 'writing' | 'undoing' | 'stuck';

/** The change that is under way; at most one for each server. A process that is killed leaves it to the next. */
@Entity('config_transaction')
export class ConfigTransactionEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_config_transaction' })
  server: string;

  /** Another one for each process that works on it. */
  @Column({ type: 'varchar', length: 36 })
  id: string;

  @Column({ type: 'varchar', length: 16 })
  state: TransactionState;

  /** The process that works on it. */
  @Column({ ...jsonColumn, nullable: false })
  holder: ProcessIdentity;

  /** Epoch milliseconds. */
  @Column({ name: 'started_at', ...integerColumn })
  startedAt: number;

  /** Epoch milliseconds; the holder renews it while it works. */
  @Column({ name: 'renewed_at', ...integerColumn })
  renewedAt: number;

  @Column({ type: 'varchar', length: 16 })
  kind: VersionKind;

  @Column({ type: 'varchar', length: 64 })
  actor: string;

  @Column({ type: 'varchar', length: 500 })
  comment: string;

  @Column({ type: 'integer', nullable: true })
  restored: number | null;

  /** Empty while `checking`. */
  @Column({ ...jsonColumn, nullable: false })
  files: readonly FileChange[];

  /** Why it is stuck, for a person. */
  @Column({ type: 'text', nullable: true })
  problem: string | null;
}
