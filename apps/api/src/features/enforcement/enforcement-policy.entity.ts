import { type Placement } from '@bangui/enforcement';
import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';

/** How a server's lists are enforced. There is no row as long as nobody has changed anything. */
@Entity('enforcement_policy')
export class EnforcementPolicyEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_enforcement_policy' })
  server: string;

  @Column({ type: 'varchar', length: 16 })
  placement: Placement;

  /** When an administrator last asked to load everything anew, in epoch milliseconds; it never falls. */
  @Column({ name: 'resync_at', ...integerColumn })
  resyncAt: number;
}
