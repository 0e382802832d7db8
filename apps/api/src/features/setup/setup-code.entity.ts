import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';

/** A one-time code that an instance has told to its log, while there is no administrator. */
@Entity('setup_code')
export class SetupCodeEntity {
  /** SHA-256 of the code in hex: whoever reads the table cannot use it. */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_setup_code' })
  hash: string;

  /** Epoch milliseconds. */
  @Column({ name: 'created_at', ...integerColumn })
  createdAt: number;
}
