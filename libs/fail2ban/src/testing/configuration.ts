/** Files of the smallest configuration that is worth testing with, by path below the configuration folder. */
export function defaultFiles(dir: string, logLevel: string, jails: string): Record<string, string> {
  return {
    'fail2ban.conf': `[Definition]
loglevel     = ${logLevel}
logtarget    = ${dir}/log/fail2ban.log
syslogsocket = auto
socket       = ${dir}/run/f2b.sock
pidfile      = ${dir}/run/f2b.pid
allowipv6    = auto
dbfile       = ${dir}/run/f2b.sqlite3
dbpurgeage   = 1d
dbmaxmatches = 10
`,
    'jail.conf': `[DEFAULT]
enabled    = false
backend    = polling
usedns     = no
ignoreself = false
maxretry   = 3
findtime   = 600
bantime    = 600
banaction  = echo-log
action     = %(banaction)s[name=%(__name__)s]
`,
    'jail.local': jails,
    // The date is cut out of the line before the expressions see it.
    'filter.d/test.conf': `[Definition]
failregex   = ^\\s*FAIL from <ADDR>(?: user=<F-USER>\\S+</F-USER>)?
ignoreregex = ^\\s*FAIL from <ADDR> ignored
datepattern = ^{EPOCH}
`,
    'action.d/echo-log.conf': `[Definition]
actionstart = echo "start <name>" >> ${dir}/log/actions.log
actionstop  = echo "stop <name>" >> ${dir}/log/actions.log
actioncheck =
actionban   = echo "ban <name> <ip> <bantime> <bancount> <restored>" >> ${dir}/log/actions.log
actionunban = echo "unban <name> <ip>" >> ${dir}/log/actions.log
[Init]
name = default
`,
  };
}

/** The jails `web` and `ssh` on logs with an action that writes to a file, and `manual` without log and action. */
export function defaultJails(dir: string): string {
  return `[web]
enabled = true
filter  = test
logpath = ${dir}/log/web.log

[ssh]
enabled  = true
filter   = test
logpath  = ${dir}/log/ssh.log
maxretry = 2
bantime  = 3600
bantime.increment = true
ignoreip = 127.0.0.1/8 ::1 192.0.2.0/24

[manual]
enabled = true
filter  =
action  =
bantime = -1
`;
}
