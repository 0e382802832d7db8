import { IsIn, IsInt, IsOptional, IsString, Matches, Max, MaxLength, Min } from 'class-validator';

/** fail2ban's log levels (helpers.py); the later ones log more. */
export const fail2banLogLevels = [
  'CRITICAL',
  'ERROR',
  'WARNING',
  'NOTICE',
  'INFO',
  'DEBUG',
  'TRACEDEBUG',
  'HEAVYDEBUG',
] as const;

/** How much fail2ban logs; the later ones log more. */
export type Fail2banLogLevel = (typeof fail2banLogLevels)[number];

/** What to change; what is absent stays. */
export class ServerSettingsChange {
  @IsOptional()
  @IsIn(fail2banLogLevels)
  loglevel?: Fail2banLogLevel;

  /**
   * `STDOUT`, `STDERR`, `SYSLOG`, `SYSOUT`, `SYSTEMD-JOURNAL`, or a file ending in `.log` in the folder of the present log or
   * in `/var/log`.
   */
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  @Matches(/^\P{Cc}*$/u, { message: 'must be one line', context: { code: 'one-line' } })
  logtarget?: string;

  /** Age of a ban after which it is forgotten by fail2ban's database: seconds, or with units (`1d 12h`). */
  @IsOptional()
  @IsString()
  @MaxLength(64)
  dbpurgeage?: string;

  /** Log lines kept with each ban in fail2ban's database. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(10_000)
  dbmaxmatches?: number;
}

/** Whether BanGUI can restart fail2ban here. */
export class RestartAbility {
  isPossible: boolean;
  /** Why not and what to do, in words; null when it can. */
  reason: string | null;
}

/** Settings of the running fail2ban. */
export class ServerSettingsNow {
  loglevel: Fail2banLogLevel;
  /** A path, or fail2ban's word for another place. */
  logtarget: string;
  /** A path, or `auto`. */
  syslogsocket: string;
  /** fail2ban's database; null when it keeps none. */
  dbfile: string | null;
  /** Seconds; null without a database. */
  dbpurgeage: number | null;
  /** Null without a database. */
  dbmaxmatches: number | null;
  /** fail2ban's socket, as BanGUI sees it. */
  socket: string;
  restart: RestartAbility;
}
