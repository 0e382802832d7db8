import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../core/database/columns.ts';

/** What people decided about a task; there is no row as long as they decided nothing. */
@Entity('task')
export class TaskEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_task' })
  id: string;

  @Column({ name: 'is_paused', type: 'boolean', default: false })
  isPaused: boolean;

  /** In place of the task's own; null for that. Of another version it may be anything. */
  @Column(jsonColumn)
  schedule: unknown;

  /** Epoch milliseconds at which somebody asked for a run that has not begun; null otherwise. */
  @Column({ ...integerColumn, name: 'requested_at', nullable: true })
  requestedAt: number | null;

  @Column({ name: 'requested_by', type: 'varchar', length: 64, nullable: true })
  requestedBy: string | null;
}
