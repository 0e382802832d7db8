import { type DriftKind, type EnforcerReport } from '@bangui/enforcement';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../core/database/columns.ts';

/** What one enforcer last said of itself. */
@Entity('enforcement_state')
export class EnforcementStateEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_enforcement_state' })
  server: string;

  /** The enforcer's own; `fail2ban` for the backend of that name. */
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_enforcement_state' })
  id: string;

  /** The token that it reports with; null before migration, and for what stands for an enforcer here. */
  @Column({ name: 'token_id', type: 'varchar', length: 36, nullable: true })
  tokenId: string | null;

  @Column({ ...jsonColumn })
  report: Omit<EnforcerReport, 'repaired'>;

  /** Epoch milliseconds. */
  @Column({ name: 'first_seen_at', ...integerColumn })
  firstSeenAt: number;

  /** Epoch milliseconds. */
  @Column({ name: 'last_seen_at', ...integerColumn })
  lastSeenAt: number;

  /** What it had to repair last. */
  @Column({ ...jsonColumn })
  drift: DriftKind[] | null;

  /** Epoch milliseconds; null when it never had to. */
  @Column({ name: 'drift_at', ...integerColumn, nullable: true })
  driftAt: number | null;

  /** Start of the trial that an administrator confirmed, in epoch milliseconds. */
  @Column({ name: 'confirmed_trial', ...integerColumn, nullable: true })
  confirmedTrial: number | null;
}
