import {
  ArrayMaxSize,
  IsBoolean,
  IsIn,
  IsInt,
  IsNotEmpty,
  IsNumber,
  IsOptional,
  IsString,
  Matches,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateIf,
} from 'class-validator';
import {
  IsAddressOrHost,
  IsExactOrigin,
  IsHttpProxy,
  IsPostgresUrl,
  IsProxyNetwork,
  IsRedisUrl,
  IsSocketPath,
  IsTracesUrl,
} from './setting-checks.ts';
import { Setting } from './setting.ts';

/**
 * Everything BanGUI is told by its environment, checked once at start. Each member is `BANGUI_<MEMBER>`, or the
 * content of the file named by `BANGUI_<MEMBER>_FILE`. Made by `loadSettings`; read-only for everybody else.
 */
export class Settings {
  @Setting('text', {
    fallback: '127.0.0.1',
    about: 'Address to listen on. `0.0.0.0` is every IPv4 interface, `::` every interface.',
  })
  @IsAddressOrHost()
  readonly host: string;

  @Setting('integer', { fallback: '8000', about: 'TCP port to listen on; 0 lets the system choose one.' })
  @IsInt()
  @Min(0)
  @Max(65_535)
  readonly port: number;

  @Setting('text', {
    fallback: 'var/bangui.sqlite3',
    about: 'File of the SQLite database. Its folder is made when missing. Not on a network file system.',
  })
  @IsNotEmpty()
  readonly databasePath: string;

  @Setting('text', {
    isSecret: true,
    about: 'PostgreSQL database, `postgres://user:password@host:5432/name`. Wins over the SQLite file.',
  })
  @IsOptional()
  @IsPostgresUrl()
  readonly databaseUrl?: string;

  @Setting('text', {
    isSecret: true,
    about:
      'Redis that instances share, `redis://user:password@host:6379/0`, or `rediss://` for TLS. Without it they use PostgreSQL.',
  })
  @IsOptional()
  @IsRedisUrl()
  readonly redisUrl?: string;

  @Setting('text', { fallback: '/var/run/fail2ban/fail2ban.sock', about: "fail2ban's socket." })
  @IsSocketPath()
  readonly fail2banSocket: string;

  @Setting('text', { fallback: '/etc/fail2ban', about: "fail2ban's configuration folder." })
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly fail2banConfigDir: string;

  @Setting('text', {
    fallback: '/usr/bin/fail2ban-client',
    about: 'The `fail2ban-client` program, used to check configuration before a reload.',
  })
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly fail2banClient: string;

  @Setting('text', { fallback: '/usr/bin/python3', about: 'The Python interpreter that can import fail2ban.' })
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly fail2banPython: string;

  @Setting('text', {
    about: "fail2ban's database file, as BanGUI sees it. When unset, fail2ban is asked.",
  })
  @IsOptional()
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly fail2banDb?: string;

  @Setting('text', {
    about: "fail2ban's log file, as BanGUI sees it. When unset, fail2ban is asked.",
  })
  @IsOptional()
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly fail2banLog?: string;

  @Setting('text', {
    about:
      "sshd's log, as BanGUI sees it; rotated files beside it are read too. It tells who is known here, so that the allowlist can suggest them. When unset, `/var/log/auth.log` or `/var/log/secure`, whichever is there.",
  })
  @IsOptional()
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly sshdLog?: string;

  @Setting('text', {
    about:
      'Program with which BanGUI restarts fail2ban, as an absolute path and arguments separated by spaces, run without a shell: `/usr/bin/systemctl restart fail2ban`. BanGUI cannot restart fail2ban when unset.',
  })
  @IsOptional()
  @MaxLength(1_000)
  @Matches(/^\/[^\s]+(?: [^\s]+)*$/, { message: 'must be an absolute path with arguments separated by single spaces' })
  readonly fail2banRestart?: string;

  @Setting('list', {
    fallback: 'http://localhost:5173,https://localhost:5173,http://127.0.0.1:5173,https://127.0.0.1:5173',
    keepsEmpty: true,
    about:
      'Origins a browser may call the API from: scheme, host and port, exactly, separated by commas. Empty turns cross-origin calls off.',
  })
  @ArrayMaxSize(100)
  @IsExactOrigin()
  readonly corsAllowedOrigins: string[];

  @Setting('list', {
    fallback: '',
    about:
      'Addresses and networks of reverse proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` are believed, separated by commas. None by default.',
  })
  @ArrayMaxSize(100)
  @IsProxyNetwork()
  readonly trustedProxies: string[];

  @Setting('integer', {
    fallback: '60',
    about: 'Minutes without use after which a session ends; 1 to 720. No session lives longer than 12 hours.',
  })
  @IsInt()
  @Min(1)
  @Max(720)
  readonly sessionDurationMinutes: number;

  @Setting('boolean', {
    fallback: 'true',
    about: 'Send the session cookie over TLS only. Plain http is accepted on loopback all the same.',
  })
  @IsBoolean()
  readonly sessionCookieSecure: boolean;

  @Setting('text', {
    fallback: 'lax',
    about: '`lax`, `strict` or `none`. `none` is for a portal on another site and needs the Secure cookie.',
  })
  @IsIn(['lax', 'strict', 'none'])
  readonly sessionCookieSamesite: 'lax' | 'strict' | 'none';

  @Setting('text', {
    about: 'Name of the administrator made at the first start, so that nobody has to open a browser.',
  })
  // Checks run from the last one up, so the last one's complaint counts.
  @ValidateIf((settings: Settings) => settings.adminUsername !== undefined || settings.adminPassword !== undefined)
  @Matches(/^[A-Za-z0-9._@-]{1,64}$/, {
    message: 'must be 1 to 64 letters, digits, dots, underscores, at signs or hyphens',
  })
  @IsString({ message: 'must be set together with BANGUI_ADMIN_PASSWORD' })
  readonly adminUsername?: string;

  @Setting('text', {
    isSecret: true,
    about: 'Password of that administrator, 12 to 256 characters. Ignored once an administrator exists.',
  })
  @ValidateIf((settings: Settings) => settings.adminUsername !== undefined || settings.adminPassword !== undefined)
  @MinLength(12)
  @MaxLength(256)
  @IsString({ message: 'must be set together with BANGUI_ADMIN_USERNAME' })
  readonly adminPassword?: string;

  @Setting('text', {
    about:
      'A MaxMind database (`.mmdb`), or a folder of them, for countries (City or Country) and networks (ASN). Followed while BanGUI runs. When unset, the data that comes with BanGUI.',
  })
  @IsOptional()
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly geoipDbPath?: string;

  @Setting('list', {
    fallback: '',
    isSecret: true,
    about:
      'Key that seals passwords and keys of others in the database: at least 32 characters. Required with `BANGUI_DATABASE_URL`; otherwise made once and kept in `secret-key` beside the database. To change it, put the new one before the old one, separated by a comma; after the next start, or `bangui secrets rotate`, the old one can go.',
  })
  @ArrayMaxSize(10)
  @MinLength(32, { each: true, message: 'must have at least 32 characters' })
  readonly secretKey: string[];

  @Setting('list', {
    fallback: '',
    about:
      'Networks from which blocklists may be downloaded although they are private, separated by commas, such as `10.0.0.0/8`. Link-local and metadata addresses stay refused. None by default.',
  })
  @ArrayMaxSize(100)
  @IsProxyNetwork()
  readonly sourcesAllowPrivate: string[];

  @Setting('text', {
    about: 'Folder below which the source “List in a file” may read. When unset, no file is read.',
  })
  @IsOptional()
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly sourcesFileDir?: string;

  @Setting('text', {
    about: 'File with certificates (PEM) that are trusted for downloads of blocklists beside the usual ones.',
  })
  @IsOptional()
  @Matches(/^\//, { message: 'must be an absolute path' })
  readonly sourcesCaFile?: string;

  @Setting('text', {
    isSecret: true,
    about:
      'Proxy for downloads of blocklists over https, `http://user:password@host:3128`. The proxy then decides which addresses can be reached.',
  })
  @IsOptional()
  @IsHttpProxy()
  readonly httpsProxy?: string;

  @Setting('integer', {
    fallback: '365',
    about: 'Days after which bans and unbans are forgotten; 1 to 36500. Whole days in UTC are forgotten together.',
  })
  @IsInt()
  @Min(1)
  @Max(36_500)
  readonly historyRetentionDays: number;

  @Setting('text', {
    fallback: 'required',
    about:
      '`required`: this instance runs the background tasks, and refuses to start while another one does. `standby`: it takes over when no other one does. `off`: it never runs them.',
  })
  @IsIn(['required', 'standby', 'off'])
  readonly schedulerRole: 'required' | 'standby' | 'off';

  @Setting('text', {
    fallback: 'database',
    about: 'Where the lock of the scheduler is kept: `database`, or `redis` for the one of `BANGUI_REDIS_URL`.',
  })
  @IsIn(['database', 'redis'])
  readonly schedulerLock: 'database' | 'redis';

  @Setting('decimal', {
    about: 'Seconds between two heartbeats of the lock; 0.1 to 300. When unset, 5 in the database and 2.5 in Redis.',
  })
  @IsOptional()
  @IsNumber()
  @Min(0.1)
  @Max(300)
  readonly schedulerHeartbeatSeconds?: number;

  @Setting('decimal', {
    fallback: '60',
    about:
      'Seconds without a heartbeat after which another instance may take the lock; 1.2 to 3600, and at least 12 times the heartbeat.',
  })
  @IsNumber()
  @Min(1.2)
  @Max(3_600)
  readonly schedulerLockTtlSeconds: number;

  @Setting('text', {
    fallback: 'var/plugins',
    about:
      'Folder of blocklist sources of others, which `bangui plugin add` fills. Their code runs confined; see docs/plugins/operating.md.',
  })
  @IsNotEmpty()
  readonly pluginsDir: string;

  @Setting('text', {
    fallback: 'ipset',
    about:
      'What makes addresses of blocklists stay out: `ipset` (an enforcer on each machine), `fail2ban` (a jail, for at most 5,000 entries) or `none`.',
  })
  @IsIn(['ipset', 'fail2ban', 'none'])
  readonly enforcement: 'ipset' | 'fail2ban' | 'none';

  @Setting('text', {
    fallback: '%(action_)s',
    about: 'Action of the jail `blocklist-import` of `BANGUI_ENFORCEMENT` `fail2ban`, as in `jail.conf`.',
  })
  @MaxLength(500)
  @Matches(/^[A-Za-z0-9_%][\P{Cc}]*$/u, { message: 'must be one line that begins with a name or a reference' })
  readonly enforcementAction: string;

  @Setting('text', {
    about:
      'Unix socket on which enforcers of this machine are served; a token for them is written beside it, as `enforcer-token`. None when unset.',
  })
  @IsOptional()
  @IsSocketPath()
  readonly enforcerSocket?: string;

  @Setting('text', {
    isSecret: true,
    about:
      'Token that enforcers of other machines are given before there is a BanGUI to make one: `bgt_` and 43 random letters, digits, `-` and `_`. It is taken up at each start, for what enforcers do and nothing else.',
  })
  @IsOptional()
  @Matches(/^bgt_[A-Za-z0-9_-]{43}$/, { message: 'must be `bgt_` and 43 letters, digits, `-` and `_`' })
  readonly enforcerToken?: string;

  @Setting('text', { fallback: 'info', about: '`debug`, `info`, `warn` or `error`.' })
  @IsIn(['debug', 'info', 'warn', 'error'])
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error';

  @Setting('text', { fallback: 'json', about: '`json`: one object per line, for machines. `pretty`: for people.' })
  @IsIn(['json', 'pretty'])
  readonly logFormat: 'json' | 'pretty';

  @Setting('text', {
    about:
      'Receiver of traces, OTLP over HTTP with JSON, with its path: `http://127.0.0.1:4318/v1/traces`. When unset, there are no traces; see docs/guide/traces.md.',
  })
  @IsOptional()
  @IsTracesUrl()
  readonly tracesEndpoint?: string;

  @Setting('boolean', { fallback: 'false', about: 'Serve the documentation of the API at `/api/docs`.' })
  @IsBoolean()
  readonly apiDocs: boolean;

  @Setting('text', { about: 'Why this is a demonstration. When set, the portal shows a banner with this sentence.' })
  @IsOptional()
  @MaxLength(300)
  readonly demoReason?: string;

  @Setting('text', { about: 'Folder of the built portal. When unset, `dist/portal/browser` of the installation.' })
  @IsOptional()
  @IsNotEmpty()
  readonly portalDir?: string;
}

/** The times of the scheduler's lock, in seconds. */
export interface SchedulerTimes {
  readonly heartbeatSeconds: number;
  readonly lockTtlSeconds: number;
}

/** The times that count, with the heartbeat that fits to where the lock is kept when none was chosen. */
export function schedulerTimes(
  settings: Pick<Settings, 'schedulerLock' | 'schedulerHeartbeatSeconds' | 'schedulerLockTtlSeconds'>,
): SchedulerTimes {
  return {
    heartbeatSeconds: settings.schedulerHeartbeatSeconds ?? (settings.schedulerLock === 'redis' ? 2.5 : 5),
    lockTtlSeconds: settings.schedulerLockTtlSeconds,
  };
}
