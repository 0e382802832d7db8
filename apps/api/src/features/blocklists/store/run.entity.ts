import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../../core/database/columns.ts';

/** Why an import begins. */
export type ImportTrigger = 'schedule' | 'by-hand';

/** Where an import stands. `interrupted`: its process ended, or the settings changed meanwhile; nothing of it was stored. */
export type ImportOutcome = 'queued' | 'running' | 'ok' | 'unchanged' | 'suspicious' | 'failed' | 'interrupted';

/** Why an import failed. */
export type ImportError =
  | 'unreachable'
  | 'unauthorized'
  | 'rate-limited'
  | 'refused'
  | 'too-large'
  | 'malformed'
  | 'suspicious'
  | 'plugin'
  | 'settings';

/** One import of a source, from the request for it to its end. */
@Entity('import_run')
@Index('ix_import_run_queued', ['queuedAt', 'id'])
@Index('ix_import_run_source', ['sourceId', 'queuedAt', 'id'])
@Index('ix_import_run_outcome', ['outcome', 'queuedAt', 'id'])
export class ImportRunEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_import_run' })
  id: string;

  @Column({ name: 'source_id', type: 'varchar', length: 36 })
  sourceId: string;

  @Column({ type: 'varchar', length: 16 })
  trigger: ImportTrigger;

  @Column({ type: 'varchar', length: 16 })
  outcome: ImportOutcome;

  /** Name of the user who asked for it; null when it was due. */
  @Column({ name: 'requested_by', type: 'varchar', length: 64, nullable: true })
  requestedBy: string | null;

  /** Epoch milliseconds. */
  @Column({ name: 'queued_at', ...integerColumn })
  queuedAt: number;

  /** Epoch milliseconds. */
  @Column({ name: 'started_at', ...integerColumn, nullable: true })
  startedAt: number | null;

  /** Epoch milliseconds. */
  @Column({ name: 'finished_at', ...integerColumn, nullable: true })
  finishedAt: number | null;

  /** Fencing token of the scheduler's lock under which it ran. */
  @Column({ ...integerColumn, nullable: true })
  token: number | null;

  @Column({ type: 'varchar', length: 16, nullable: true })
  error: ImportError | null;

  /** The outcome in a sentence; holds no secret. */
  @Column({ type: 'text', nullable: true })
  message: string | null;

  /** Epoch milliseconds before which the source is not asked again. */
  @Column({ name: 'retry_at', ...integerColumn, nullable: true })
  retryAt: number | null;

  /** Failures in a row up to this one. */
  @Column({ type: 'integer' })
  failures: number;

  /** What became of the entries. */
  @Column(jsonColumn)
  funnel: unknown;
}
