import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../../core/database/columns.ts';

/** Where a ban was seen first. */
export type BanSource = 'log' | 'row' | 'list';

/**
 * Whether a ban is in force. A `suspended` one was lifted because its jail or the server stopped: it comes back with
 * them, unless it ends meanwhile.
 */
export type BanState = 'open' | 'suspended' | 'ended';

/** The last ban of an address in a jail as the archive has it: what new facts are compared with. */
@Entity('history_last_ban')
@Index('ix_history_last_ban_state', ['server', 'state', 'endsAt'])
@Index('ix_history_last_ban_changed', ['server', 'changedAt'])
export class LastBanEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_history_last_ban' })
  server: string;

  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_history_last_ban' })
  jail: string;

  /** Canonical text. */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_history_last_ban' })
  address: string;

  /** Epoch milliseconds under which the archive has the ban. */
  @Column(integerColumn)
  at: number;

  /** Epoch seconds of the last failure; null when only the log told of the ban. */
  @Column({ ...integerColumn, name: 'failed_at', nullable: true })
  failedAt: number | null;

  /** Seconds; -1 is permanent; null when unknown. */
  @Column({ ...integerColumn, nullable: true })
  duration: number | null;

  /** Epoch milliseconds; null for a permanent ban and when unknown. */
  @Column({ ...integerColumn, name: 'ends_at', nullable: true })
  endsAt: number | null;

  @Column({ type: 'varchar', length: 8 })
  source: BanSource;

  @Column({ type: 'varchar', length: 12 })
  state: BanState;

  /** Epoch milliseconds of the ban, or of what ended or suspended it. */
  @Column({ ...integerColumn, name: 'changed_at' })
  changedAt: number;
}
