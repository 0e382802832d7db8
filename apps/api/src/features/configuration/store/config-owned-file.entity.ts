import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../../core/database/columns.ts';

/** A file that BanGUI may change: it made it, or an administrator handed it over. */
@Entity('config_owned_file')
export class ConfigOwnedFileEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_config_owned_file' })
  server: string;

  /** Within the configuration folder. */
  @PrimaryColumn({ type: 'varchar', length: 255, primaryKeyConstraintName: 'pk_config_owned_file' })
  path: string;

  @Column({ type: 'varchar', length: 16 })
  how: 'created' | 'adopted';

  /** Epoch milliseconds. */
  @Column({ ...integerColumn })
  since: number;

  @Column({ type: 'varchar', length: 64 })
  actor: string;
}
