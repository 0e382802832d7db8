import { IsString, Length, Matches, MaxLength } from 'class-validator';
import { type Role } from './user.entity.ts';

/** Sign-in. */
export class LoginRequest {
  @IsString()
  @MaxLength(64)
  username: string;

  @IsString()
  @MaxLength(256)
  password: string;
}

/** A new user: name and password. */
export class NewAdministrator {
  /** Letters, digits, dots, underscores, at signs and hyphens. */
  @Matches(/^[A-Za-z0-9._@-]{1,64}$/, {
    message: 'must be 1 to 64 letters, digits, dots, underscores, at signs or hyphens',
    context: { code: 'username' },
  })
  username: string;

  /** Not the user name. */
  @IsString()
  @Length(12, 256, { message: 'must be 12 to 256 characters long' })
  password: string;
}

/** Change of the own password. */
export class PasswordChange {
  @IsString()
  @MaxLength(256)
  currentPassword: string;

  /** Not the user name. */
  @IsString()
  @Length(12, 256, { message: 'must be 12 to 256 characters long' })
  newPassword: string;
}

/** The session of the requester. */
export class Session {
  username: string;
  role: Role;
  /** When it ends unless it is used before; epoch milliseconds. */
  expiresAt: number;
  /** When it ends however it is used; epoch milliseconds. */
  absoluteExpiresAt: number;
  /** Why this is a demonstration; null when it is none. */
  demo: string | null;
  /** Version of BanGUI. */
  version: string;
}

/** One browser that is signed in as the requester. */
export class OpenSession {
  id: string;
  /** Where it was opened from. */
  address: string;
  /** What the browser calls itself; at most 256 characters. */
  userAgent: string;
  createdAt: number;
  /** Exact to a minute. */
  lastUsedAt: number;
  expiresAt: number;
  /** Whether it is the one this request came with. */
  current: boolean;
}

/** The requester's sessions, newest first; at most the latest 200. */
export class OpenSessionList {
  items: OpenSession[];
}

/** A person who can sign in. */
export class Administrator {
  id: string;
  username: string;
  role: Role;
  createdAt: number;
  /** Null before the first sign-in. */
  lastSignInAt: number | null;
}

/** Every administrator, in the order they were made; at most 200. */
export class AdministratorList {
  items: Administrator[];
}
