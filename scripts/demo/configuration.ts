import { copyFile, mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where the demo server keeps what. */
export interface DemoPlaces {
  readonly configDir: string;
  readonly socketPath: string;
  readonly pidFile: string;
  readonly databaseFile: string;
  /** fail2ban.log, actions.log and the sample logs below. */
  readonly logDir: string;
  readonly sshLog: string;
  readonly nginxLog: string;
}

/**
 * Writes a configuration with two jails on sample logs. Filters are Debian's own, copied from `stockConfigDir`; the only action
 * writes to a file, so that a demo never touches a firewall. Local changes of the machine's own configuration are not taken over.
 */
export async function writeDemoConfiguration(places: DemoPlaces, stockConfigDir: string): Promise<void> {
  const { configDir, logDir } = places;
  for (const dir of ['filter.d', 'action.d', 'jail.d']) await mkdir(join(configDir, dir), { recursive: true });
  await mkdir(logDir, { recursive: true });
  const filters = await readdir(join(stockConfigDir, 'filter.d'));
  for (const name of filters.filter((file) => file.endsWith('.conf'))) {
    await copyFile(join(stockConfigDir, 'filter.d', name), join(configDir, 'filter.d', name));
  }
  await writeFile(join(configDir, 'fail2ban.conf'), general(places));
  await writeFile(join(configDir, 'jail.conf'), defaults);
  await writeFile(join(configDir, 'jail.local'), jails(places));
  await writeFile(join(configDir, 'action.d/demo-file.conf'), action(join(logDir, 'actions.log')));
  for (const log of [places.sshLog, places.nginxLog]) await writeFile(log, '');
}

const general = (places: DemoPlaces) => `[Definition]
loglevel     = INFO
logtarget    = ${join(places.logDir, 'fail2ban.log')}
syslogsocket = auto
socket       = ${places.socketPath}
pidfile      = ${places.pidFile}
allowipv6    = auto
dbfile       = ${places.databaseFile}
dbpurgeage   = 1d
dbmaxmatches = 10
`;

const defaults = `[DEFAULT]
enabled    = false
ignoreself = true
ignoreip   = 127.0.0.1/8 ::1
backend    = polling
usedns     = warn
maxretry   = 3
findtime   = 10m
bantime    = 10m
banaction  = demo-file
action     = %(banaction)s[name=%(__name__)s]
`;

const jails = (places: DemoPlaces) => `[sshd]
enabled = true
filter  = sshd
logpath = ${places.sshLog}

[nginx-http-auth]
enabled = true
filter  = nginx-http-auth
logpath = ${places.nginxLog}
bantime = 5m
`;

const action = (log: string) => `[Definition]
actionstart =
actionflush = echo "<name> unban all" >> '${log}'
actionstop  =
actioncheck =
actionban   = echo "<name> ban <ip> <bantime>" >> '${log}'
actionunban = echo "<name> unban <ip>" >> '${log}'
[Init]
name = default
`;
