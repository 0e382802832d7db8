import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import { integerColumn, jsonColumn } from '../../../core/database/columns.ts';

/** A list that somebody has subscribed to: a plugin with settings. */
@Entity('blocklist_source')
@Unique('uq_blocklist_source_feed_name', ['feedName'])
@Index('ix_blocklist_source_created', ['createdAt', 'id'])
export class BlocklistSourceEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_blocklist_source' })
  id: string;

  /** Id of the plugin's source, such as `spamhaus-drop`. */
  @Column({ type: 'varchar', length: 64 })
  plugin: string;

  @Column({ type: 'varchar', length: 80 })
  name: string;

  /** Name under which the list is published. */
  @Column({ name: 'feed_name', type: 'varchar', length: 64 })
  feedName: string;

  /** Settings without the secret ones. */
  @Column(jsonColumn)
  config: unknown;

  /** Secret settings by name, each sealed. */
  @Column(jsonColumn)
  secrets: unknown;

  @Column({ name: 'interval_minutes', type: 'integer' })
  intervalMinutes: number;

  /** A change beyond this share is held for an administrator. */
  @Column({ name: 'max_change_percent', type: 'integer' })
  maxChangePercent: number;

  @Column({ name: 'is_enabled', type: 'boolean' })
  isEnabled: boolean;

  /** Counts changes of the settings: an import that began before one must not be stored after it. */
  @Column({ type: 'integer' })
  revision: number;

  /** {@link FeedValidators} by feed. */
  @Column(jsonColumn)
  validators: unknown;

  /** Content that an administrator has rejected: it is not asked about again. */
  @Column({ name: 'rejected_hash', type: 'varchar', length: 64, nullable: true })
  rejectedHash: string | null;

  /** Epoch milliseconds. */
  @Column({ name: 'created_at', ...integerColumn })
  createdAt: number;

  /** Epoch milliseconds. */
  @Column({ name: 'changed_at', ...integerColumn })
  changedAt: number;
}
