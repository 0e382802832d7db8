import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../../core/database/columns.ts';

const key = { primaryKeyConstraintName: 'pk_import_log' } as const;

/** How grave a line of an import's log is. */
export type ImportLogLevel = 'info' | 'warn' | 'error';

/** A line of an import's log. */
@Entity('import_log')
export class ImportLogEntity {
  @PrimaryColumn({ name: 'run_id', type: 'varchar', length: 36, ...key })
  runId: string;

  @PrimaryColumn({ type: 'integer', ...key })
  position: number;

  /** Epoch milliseconds. */
  @Column({ ...integerColumn })
  at: number;

  @Column({ type: 'varchar', length: 8 })
  level: ImportLogLevel;

  @Column({ type: 'varchar', length: 500 })
  message: string;
}
