import { Column, Entity, PrimaryColumn } from 'typeorm';
import { jsonColumn } from '../../../core/database/columns.ts';

/** One thing that the sync remembers, for example how far the log was read. */
@Entity('history_sync')
export class SyncStateEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_history_sync' })
  server: string;

  @PrimaryColumn({ type: 'varchar', length: 32, primaryKeyConstraintName: 'pk_history_sync' })
  name: string;

  @Column(jsonColumn)
  value: unknown;
}
