import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A small configuration of fail2ban in a temporary folder: one filter, one harmless action, the jails a test asks for. */
export class ConfigurationDir {
  readonly path: string;
  /** A log file that exists. */
  readonly log: string;

  private constructor(path: string) {
    this.path = path;
    this.log = join(path, 'sample.log');
  }

  /** `jails` is the text of jail.local; the default is one good jail, `web`. */
  static async make(jails?: string): Promise<ConfigurationDir> {
    const dir = new ConfigurationDir(await mkdtemp(join(tmpdir(), 'bangui-config-')));
    await dir.write('sample.log', '');
    await dir.write('fail2ban.conf', general(dir.path));
    await dir.write('jail.conf', defaults(dir.log));
    await dir.write('jail.local', jails ?? '[web]\nenabled = true\n');
    await dir.write('filter.d/test.conf', filter);
    await dir.write('action.d/nothing.conf', action);
    return dir;
  }

  /** Writes a file, given relative to the folder. */
  async write(name: string, content: string | Uint8Array): Promise<void> {
    const path = join(this.path, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.path, { recursive: true, force: true });
  }
}

const general = (dir: string) => `[Definition]
loglevel = INFO
logtarget = ${dir}/fail2ban.log
syslogsocket = auto
socket = ${dir}/f2b.sock
pidfile = ${dir}/f2b.pid
allowipv6 = auto
dbfile = ${dir}/f2b.sqlite3
dbpurgeage = 1d
dbmaxmatches = 10
`;

const defaults = (log: string) => `[DEFAULT]
enabled = false
backend = polling
usedns = no
filter = test
logpath = ${log}
maxretry = 3
findtime = 10m
bantime = 1h
action = nothing
`;

const filter = `[Definition]
failregex = ^\\s*FAIL from <ADDR>
            ^\\s*DENIED <ADDR>
ignoreregex = ^\\s*FAIL from <ADDR> ignored
datepattern = ^{EPOCH}
`;

const action = `[Definition]
actionban = true
actionunban = true
`;
