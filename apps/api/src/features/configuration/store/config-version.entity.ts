import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../../core/database/columns.ts';

/** What made a version: a change, going back to an earlier version, or taking over somebody's file. */
export type VersionKind = 'change' | 'restore' | 'adopt';

/** One state of the files that are BanGUI's. */
@Entity('config_version')
export class ConfigVersionEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_config_version' })
  server: string;

  /** From 1, without gaps. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_config_version' })
  number: number;

  /** Epoch milliseconds. */
  @Column({ ...integerColumn })
  at: number;

  @Column({ type: 'varchar', length: 16 })
  kind: VersionKind;

  @Column({ type: 'varchar', length: 64 })
  actor: string;

  @Column({ type: 'varchar', length: 500 })
  comment: string;

  /** The version it went back to. */
  @Column({ type: 'integer', nullable: true })
  restored: number | null;
}
