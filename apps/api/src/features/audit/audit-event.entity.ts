import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../core/database/columns.ts';

/** How a changing request ended. */
export type AuditOutcome = 'succeeded' | 'failed' | 'refused';

/** One thing somebody did. Rows are only ever added; triggers refuse the rest. */
@Entity('audit_event')
@Index('ix_audit_event_at', ['at', 'id'])
export class AuditEventEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_audit_event' })
  id: string;

  /** Epoch milliseconds. */
  @Column(integerColumn)
  at: number;

  /** The user's name, or `setup` and the like when nobody was signed in. */
  @Column({ type: 'varchar', length: 64 })
  actor: string;

  @Column({ type: 'varchar', length: 64 })
  address: string;

  /** For example `ban.create`. */
  @Column({ type: 'varchar', length: 64 })
  action: string;

  /** What it was done to. */
  @Column({ type: 'varchar', length: 256 })
  subject: string;

  @Column({ type: 'varchar', length: 16 })
  outcome: AuditOutcome;

  @Column(jsonColumn)
  detail: unknown;

  @Column(jsonColumn)
  before: unknown;

  @Column(jsonColumn)
  after: unknown;

  @Column({ name: 'request_id', type: 'varchar', length: 64 })
  requestId: string;
}
