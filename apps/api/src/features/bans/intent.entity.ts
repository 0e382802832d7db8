import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import { integerColumn, jsonColumn } from '../../core/database/columns.ts';

/** What was asked for. */
export type IntentKind = 'ban' | 'unban';

/** That somebody asked BanGUI for a ban or unban: whoever archives what fail2ban then did finds the person here. */
@Entity('history_intent')
@Index('ix_history_intent_created', ['server', 'createdAt'])
export class IntentEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_history_intent' })
  id: string;

  @Column({ type: 'varchar', length: 64 })
  server: string;

  @Column({ type: 'varchar', length: 8 })
  kind: IntentKind;

  /** Null for all jails. */
  @Column({ type: 'varchar', length: 64, nullable: true })
  jail: string | null;

  /** Canonical texts of addresses and networks; null for every address. */
  @Column(jsonColumn)
  networks: string[] | null;

  /** Name of the administrator. */
  @Column({ type: 'varchar', length: 64 })
  actor: string;

  @Column({ type: 'text', nullable: true })
  reason: string | null;

  /** Epoch milliseconds before fail2ban was told. */
  @Column({ ...integerColumn, name: 'created_at' })
  createdAt: number;

  /** Epoch milliseconds after fail2ban was done; null while it works, and for ever when the API ended before. */
  @Column({ ...integerColumn, name: 'finished_at', nullable: true })
  finishedAt: number | null;
}
