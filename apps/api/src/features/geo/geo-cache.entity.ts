import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';

/** What DNS said of an address: dear to ask for, because the question leaves the machine. Places are never kept here. */
@Entity('geo_cache')
@Index('ix_geo_cache_expires_at', ['expiresAt'])
export class GeoCacheEntity {
  /** Canonical text of one address. */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_geo_cache' })
  address: string;

  /** Its reverse name; null when it has none. */
  @Column({ type: 'varchar', length: 255, nullable: true })
  name: string | null;

  /** When it was asked; epoch milliseconds. */
  @Column(integerColumn)
  at: number;

  /** From when on it must be asked again; epoch milliseconds. */
  @Column({ name: 'expires_at', ...integerColumn })
  expiresAt: number;
}
