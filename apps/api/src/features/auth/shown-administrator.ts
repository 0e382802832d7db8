import { type Administrator } from './auth.dto.ts';
import { type UserEntity } from './user.entity.ts';

/** What may be known of a user. */
export function shownAdministrator({ id, username, role, createdAt, lastSignInAt }: UserEntity): Administrator {
  return { id, username, role, createdAt, lastSignInAt };
}
