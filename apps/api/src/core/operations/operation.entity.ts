import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../database/columns.ts';
import {
  type OperationError,
  type OperationKind,
  type OperationProgress,
  type OperationStatus,
} from './operation.dto.ts';

/** An operation as all instances see it. */
@Entity('operation')
@Index('ix_operation_started_at', ['startedAt', 'id'])
export class OperationEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_operation' })
  id: string;

  @Column({ type: 'varchar', length: 16 })
  kind: OperationKind;

  @Column({ type: 'varchar', length: 12 })
  status: OperationStatus;

  /** Epoch milliseconds. */
  @Column({ name: 'started_at', ...integerColumn })
  startedAt: number;

  /** Epoch milliseconds; null while it runs. */
  @Column({ name: 'finished_at', nullable: true, ...integerColumn })
  finishedAt: number | null;

  @Column(jsonColumn)
  progress: OperationProgress | null;

  @Column({ type: 'text', nullable: true })
  subject: string | null;

  @Column(jsonColumn)
  outcome: unknown;

  @Column(jsonColumn)
  error: OperationError | null;

  /** Epoch milliseconds by the database's clock at which its instance last said that it goes on. */
  @Column({ name: 'alive_at', ...integerColumn })
  aliveAt: number;
}
