import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../../core/database/columns.ts';

/** What somebody typed and did not apply. */
export interface DraftContent {
  /** Options of a jail that are to have a value. */
  readonly set: readonly { readonly option: string; readonly value: string }[];
  /** Options that are to have again what other files say. */
  readonly unset: readonly string[];
  /** Text of a filter or an action; null for a jail. */
  readonly text: string | null;
}

/** An unfinished change of one file, of one administrator. */
@Entity('config_draft')
@Index('ix_config_draft_saved_at', ['savedAt'])
export class ConfigDraftEntity {
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_config_draft' })
  server: string;

  @PrimaryColumn({ name: 'user_id', type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_config_draft' })
  userId: string;

  /** Of the file in which the change would be made, within the configuration folder. */
  @PrimaryColumn({ type: 'varchar', length: 255, primaryKeyConstraintName: 'pk_config_draft' })
  path: string;

  /** Of that file as it was when the draft was begun; null when there was none. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  etag: string | null;

  @Column({ ...jsonColumn, nullable: false })
  content: DraftContent;

  /** Epoch milliseconds. */
  @Column({ name: 'saved_at', ...integerColumn })
  savedAt: number;
}
