import { IsOptional, IsString, MaxLength } from 'class-validator';
import { type ReasonParams } from '../../core/reason.dto.ts';
import { NewAdministrator } from '../auth/index.ts';

/** What a check found. Stable. */
export type SetupCheckCode =
  | 'socket-answers'
  | 'socket-missing'
  | 'socket-forbidden'
  | 'socket-silent'
  | 'configuration-readable'
  | 'configuration-unreadable'
  | 'database-ready'
  | 'database-silent'
  | 'programs-found'
  | 'programs-missing';

/** One thing that was looked at before the first sign-in. */
export class SetupCheck {
  name: 'socket' | 'configuration' | 'database' | 'programs';
  status: 'ok' | 'problem';
  /** What was found, in words. */
  message: string;
  /** What to do about a problem. */
  remedy?: string;
  /** Message and remedy as a stable code. */
  reasonCode: SetupCheckCode;
  /** What message and remedy name, by which other languages can say them; null when nothing. */
  reasonParams: ReasonParams | null;
}

/** Whether the first administrator has to be made, and whether all is in place. */
export class SetupState {
  needed: boolean;
  /** Whether this browser has to give the one-time code. */
  codeRequired: boolean;
  /** Where this browser is, to be put on the allowlist; null when not needed or when it is this machine itself. */
  address: string | null;
  /** Only while setup is needed. */
  checks: SetupCheck[];
}

/** The first administrator. */
export class SetupRequest extends NewAdministrator {
  /** The one-time code of the log; needed unless the browser runs on the same machine. */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  code?: string;
}
