import { Column, Entity, PrimaryColumn } from 'typeorm';

/** What makes this installation of BanGUI, with all its instances, different from another one. One row, made with the table. */
@Entity('installation')
export class InstallationEntity {
  /** Always 1. */
  @PrimaryColumn({ type: 'integer', primaryKeyConstraintName: 'pk_installation' })
  slot: number;

  /** Random. Names what the installation keeps in a place that it shares with others, such as Redis. */
  @Column({ type: 'varchar', length: 36 })
  id: string;
}
