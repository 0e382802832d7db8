import { IsOptional, IsString, MaxLength } from 'class-validator';
import { NewAdministrator } from '../auth/index.ts';

/** One thing that was looked at before the first sign-in. */
export class SetupCheck {
  name: 'socket' | 'configuration' | 'database' | 'programs';
  status: 'ok' | 'problem';
  message: string;
  /** What to do about a problem. */
  remedy?: string;
}

/** Whether the first administrator has to be made, and whether all is in place. */
export class SetupState {
  needed: boolean;
  /** Whether this browser has to give the one-time code. */
  codeRequired: boolean;
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
