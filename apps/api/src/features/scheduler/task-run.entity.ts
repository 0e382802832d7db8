import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../core/database/columns.ts';

/** Why a run began: as planned, because somebody asked for it, or in place of one that was missed or cut short. */
export type RunTrigger = 'schedule' | 'by-hand' | 'catch-up';

/**
 * How a run ended. `interrupted`: BanGUI stopped or was gone before its end. `stopped`: the task was paused, or always runs
 * and ended with its holder.
 */
export type RunOutcome = 'running' | 'succeeded' | 'failed' | 'timed-out' | 'interrupted' | 'stopped';

/** One run of a task. */
@Entity('task_run')
@Index('ix_task_run_task', ['task', 'startedAt', 'id'])
@Index('ix_task_run_outcome', ['outcome', 'token'])
export class TaskRunEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_task_run' })
  id: string;

  @Column({ type: 'varchar', length: 64 })
  task: string;

  @Column({ type: 'varchar', length: 16 })
  trigger: RunTrigger;

  @Column({ type: 'varchar', length: 16 })
  outcome: RunOutcome;

  /** Epoch milliseconds. */
  @Column({ ...integerColumn, name: 'started_at' })
  startedAt: number;

  /** Null while it runs, and when nobody was there to measure the end. */
  @Column({ ...integerColumn, name: 'duration_ms', nullable: true })
  durationMs: number | null;

  @Column({ type: 'text', nullable: true })
  error: string | null;

  /** Numbers by name. */
  @Column(jsonColumn)
  result: unknown;

  @Column(jsonColumn)
  progress: unknown;

  /** Fencing token under which it ran. */
  @Column(integerColumn)
  token: number;

  @Column({ name: 'instance_id', type: 'varchar', length: 36 })
  instanceId: string;

  @Column({ name: 'requested_by', type: 'varchar', length: 64, nullable: true })
  requestedBy: string | null;
}
