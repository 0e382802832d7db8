import { Entity, PrimaryColumn } from 'typeorm';

const key = { type: 'varchar', length: 64, primaryKeyConstraintName: 'pk_allowlist_push' } as const;

/** An address that BanGUI has put into the ignore list of a jail, and therefore may take out. */
@Entity('allowlist_push')
export class AllowlistPushEntity {
  @PrimaryColumn(key)
  server: string;

  @PrimaryColumn(key)
  jail: string;

  /** Canonical, as the allowlist has it. */
  @PrimaryColumn(key)
  address: string;
}
