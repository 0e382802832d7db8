import { Column, Entity, PrimaryColumn, Unique } from 'typeorm';
import { integerColumn } from '../../core/database/columns.ts';

/** What a user may do. There is one role yet. */
export type Role = 'administrator';

/** A person who can sign in. */
@Entity('user')
@Unique('uq_user_username_key', ['usernameKey'])
export class UserEntity {
  @PrimaryColumn({ type: 'varchar', length: 36, primaryKeyConstraintName: 'pk_user' })
  id: string;

  /** As it was typed when the user was made. */
  @Column({ type: 'varchar', length: 64 })
  username: string;

  /** The name in lower case: two users may not differ in case alone. */
  @Column({ name: 'username_key', type: 'varchar', length: 64 })
  usernameKey: string;

  /** PHC string of the password's hash. */
  @Column({ name: 'password_hash', type: 'varchar', length: 255 })
  passwordHash: string;

  @Column({ type: 'varchar', length: 32 })
  role: Role;

  /** Epoch milliseconds. */
  @Column({ name: 'created_at', ...integerColumn })
  createdAt: number;

  /** Epoch milliseconds; null before the first sign-in. */
  @Column({ name: 'last_sign_in_at', ...integerColumn, nullable: true })
  lastSignInAt: number | null;
}
