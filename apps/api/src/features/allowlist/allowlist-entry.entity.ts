import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';

/** An address or network that nothing may ban. */
@Entity('allowlist_entry')
@Unique('uq_allowlist_entry_address', ['address'])
@Index('ix_allowlist_entry_created', ['createdAt', 'id'])
@Index('ix_allowlist_entry_expires_at', ['expiresAt'])
export class AllowlistEntryEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_allowlist_entry' })
  id: string;

  /** Canonical; CIDR when it is more than one address. */
  @Column({ type: 'varchar', length: 64 })
  address: string;

  /** The first address as 32 hexadecimal digits: the order of texts is the order of addresses. */
  @Column({ name: 'first_key', type: 'varchar', length: 32 })
  firstKey: string;

  /** The last address in the same form. */
  @Column({ name: 'last_key', type: 'varchar', length: 32 })
  lastKey: string;

  /** Why it is here; empty when nobody said. */
  @Column({ type: 'varchar', length: 500 })
  note: string;

  /** Name of the user who added it. */
  @Column({ type: 'varchar', length: 64 })
  owner: string;

  /** Epoch milliseconds. */
  @Column({ name: 'created_at', ...integerColumn })
  createdAt: number;

  /** Epoch milliseconds. */
  @Column({ name: 'changed_at', ...integerColumn })
  changedAt: number;

  /** Epoch milliseconds from which on it no longer counts; null for never. */
  @Column({ name: 'expires_at', ...integerColumn, nullable: true })
  expiresAt: number | null;

  /** Whether fail2ban's jails shall ignore it too. */
  @Column({ name: 'is_pushed', type: 'boolean' })
  isPushedToFail2ban: boolean;
}
