import { Column, Entity, Index, PrimaryColumn } from 'typeorm';

/** What a version did to one file. */
@Entity('config_version_file')
@Index('ix_config_version_file_path', ['server', 'path', 'number'])
export class ConfigVersionFileEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_config_version_file' })
  server: string;

  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_config_version_file' })
  number: number;

  /** Within the configuration folder. */
  @PrimaryColumn({ type: 'varchar', length: 255, primaryKeyConstraintName: 'pk_config_version_file' })
  path: string;

  /** The text it had; null when there was no such file. */
  @Column({ type: 'text', nullable: true })
  before: string | null;

  /** The text it has since; null when it was removed. */
  @Column({ type: 'text', nullable: true })
  after: string | null;
}
