import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';

/** Wrong sign-ins and tokens that count against an address or an account, or an address that an account signed in from. */
@Entity('sign_in_count')
@Index('ix_sign_in_count_ends_at', ['endsAt'])
export class SignInCountEntity {
  /** SHA-256 in hex: people type their password where the name belongs, and nobody needs to read it. */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_sign_in_count' })
  key: string;

  @Column({ type: 'integer' })
  points: number;

  /** Epoch milliseconds, by the database's clock, from which on it counts no more. */
  @Column({ name: 'ends_at', ...integerColumn })
  endsAt: number;
}
