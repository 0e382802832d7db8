import { Column, Entity, PrimaryColumn } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';

/** What BanGUI itself keeps of a jail. */
@Entity('jail')
export class JailEntity {
  /** Id of the fail2ban server; today there is one, `local`. */
  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_jail' })
  server: string;

  @PrimaryColumn({ type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_jail' })
  name: string;

  /** 1 to 12, handed out once; 0 is the colour of all others. */
  @Column({ type: 'integer' })
  colour: number;

  /**
   * Epoch milliseconds at which the fail2ban was started that was told to let the jail rest; null when it was not. It
   * cannot be asked, and another start ends the rest.
   */
  @Column({ name: 'idle_in', nullable: true, ...integerColumn })
  idleIn: number | null;
}
