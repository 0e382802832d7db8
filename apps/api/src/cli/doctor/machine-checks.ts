import { constants } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { runProgram } from '@bangui/fail2ban-config';
import { inspectDatabase } from '../../core/database/inspect-database.ts';
import { refuseNetworkFileSystem } from '../../core/database/network-file-system.ts';
import { factsOf, ownRights, readWrite, refusalOf, rightsOf } from './access.ts';
import { askLimitMs, type Check, finder, type Finding, type Place, reasonOf, shown } from './finding.ts';

const mib = 1024 * 1024;
/** A database up to this size is checked in well under the limit; a larger one is for `bangui db check`. */
const maxQuickCheckBytes = 64 * mib;
const fewBytes = 1024 * mib;
const tooFewBytes = 100 * mib;
/** Folders below the configuration folder in which BanGUI writes. */
const writtenFolders = ['jail.d', 'filter.d', 'action.d', 'fail2ban.d'] as const;
/** Where the enforcer looks for programs, beside the command's own path. */
const systemPath = '/usr/sbin:/usr/bin:/sbin:/bin';
/** The version as fail2ban's client prints it, and as its Python module knows it. */
const versionText = /^[\w.+~-]{1,40}$/;

/** The database of BanGUI: opens, has a schema this program knows, is whole. */
export const databaseCheck: Check = {
  name: 'database',
  async look({ settings }) {
    const { ok, warning, problem } = finder('database');
    const { databaseUrl } = settings;
    const path = resolve(settings.databasePath);
    const name = databaseUrl === undefined ? path : 'the PostgreSQL database of BANGUI_DATABASE_URL';
    if (databaseUrl === undefined) {
      const wrong = await sqliteFileFinding(path);
      if (wrong) return [wrong];
    }
    let inspected;
    try {
      inspected = await inspectDatabase(settings, askLimitMs);
    } catch (error) {
      return [
        problem(
          `${name} cannot be opened: ${reasonOf(error)}`,
          databaseUrl === undefined
            ? 'Stop BanGUI and bring a backup back: bangui restore FILE.'
            : 'See whether PostgreSQL runs and takes the user and the password of BANGUI_DATABASE_URL.',
        ),
      ];
    }
    await using database = inspected;
    const { applied, missing, unknown } = database.schema;
    if (unknown.length > 0) {
      return [
        problem(
          `${name} was migrated by a newer BanGUI (${unknown.join(', ')}).`,
          'Run that version, or restore a backup made before the update.',
        ),
      ];
    }
    if (missing.length > 0) {
      return [
        warning(
          `${name} lacks ${missing.length} of ${applied.length + missing.length} changes of the schema.`,
          'The next start of BanGUI makes them; take a backup before: bangui backup FILE.',
        ),
      ];
    }
    if (databaseUrl !== undefined) return [ok(`${name} answers, and its schema is that of this version.`)];
    if ((await stat(path)).size > maxQuickCheckBytes) {
      return [ok(`${name} opens, and its schema is that of this version. To check all of it: bangui db check.`)];
    }
    const rows: readonly { readonly quick_check: string }[] = await database.source.query('PRAGMA quick_check(3)');
    const faults = rows.map(({ quick_check: fault }) => fault).filter((fault) => fault !== 'ok');
    if (faults.length === 0) return [ok(`${name} is whole, and its schema is that of this version.`)];
    return [
      problem(
        `${name} is damaged: ${faults.join('; ')}`,
        'Stop BanGUI, keep the file, and bring a backup back: bangui restore FILE.',
      ),
    ];
  },
};

async function sqliteFileFinding(path: string): Promise<Finding | undefined> {
  const { warning, problem } = finder('database');
  const folder = dirname(path);
  const facts = await factsOf(path);
  if (facts === 'ENOENT') {
    return warning(
      `There is no database ${path}.`,
      'BanGUI makes it at its first start. If it has run before, set BANGUI_DATABASE_PATH as it was then.',
    );
  }
  if (typeof facts === 'string')
    return problem(`The database ${path} cannot be looked at: ${facts}. ${ownRights()}`, userRemedy);
  for (const [place, its] of [
    [path, facts],
    [folder, await stat(folder)],
  ] as const) {
    const refusal = await refusalOf(place, readWrite);
    if (refusal !== undefined)
      return problem(`${place} (${rightsOf(its)}) may not be read and written: ${refusal}. ${ownRights()}`, userRemedy);
  }
  try {
    await refuseNetworkFileSystem(path);
    return undefined;
  } catch (error) {
    return problem(reasonOf(error), 'Move it to a local disk, or use PostgreSQL.');
  }
}

const userRemedy = "Run this command as BanGUI's user; the database and its folder belong to it.";

/** fail2ban's configuration folder: readable, and writable where BanGUI writes. */
export const configurationCheck: Check = {
  name: 'configuration',
  async look({ settings: { fail2banConfigDir: folder } }) {
    const { ok, warning, problem } = finder('configuration');
    const refusal = await readdir(folder).then(
      () => undefined,
      (error: unknown) => reasonOf(error),
    );
    if (refusal !== undefined) {
      return [
        problem(
          `The configuration folder ${folder} cannot be read: ${refusal}. ${ownRights()}`,
          'Set BANGUI_FAIL2BAN_CONFIG_DIR to the folder of jail.conf, or let a group of BanGUI read it.',
        ),
      ];
    }
    const findings: Finding[] = [ok(`The configuration folder ${folder} can be read.`)];
    for (const name of writtenFolders) {
      const path = join(folder, name);
      const no = await refusalOf(path, readWrite | constants.X_OK);
      if (no === undefined) continue;
      const facts = await factsOf(path);
      findings.push(
        warning(
          `${path}${typeof facts === 'string' ? '' : ` (${rightsOf(facts)})`} may not be written: ${no}. Changes of the configuration are refused. ${ownRights()}`,
          no === 'ENOENT'
            ? `Make it: mkdir ${path}`
            : `Give it to a group of BanGUI's user: chgrp bangui ${path} && chmod 2775 ${path}`,
        ),
      );
    }
    return findings;
  },
};

/** fail2ban's programs: there, working, and of the server's version. */
export const programsCheck: Check = {
  name: 'programs',
  async look({ settings, client }) {
    const { ok, warning, problem } = finder('programs');
    const { fail2banClient, fail2banPython } = settings;
    const [ofClient, ofPython, ofServer] = await Promise.all([
      versionOf(fail2banClient, ['-V']),
      versionOf(fail2banPython, ['-c', 'import fail2ban.version as v; print(v.version)']),
      client.version({ timeoutMs: askLimitMs }).catch(() => undefined),
    ]);
    const findings: Finding[] = [];
    if ('reason' in ofClient) {
      findings.push(
        problem(
          `${fail2banClient} does not work: ${ofClient.reason}`,
          'Install fail2ban, or set BANGUI_FAIL2BAN_CLIENT to its fail2ban-client. Reload and changes of the configuration need it.',
        ),
      );
    }
    if ('reason' in ofPython) {
      findings.push(
        problem(
          `${fail2banPython} cannot import fail2ban: ${ofPython.reason}`,
          'Install fail2ban, or set BANGUI_FAIL2BAN_PYTHON to the interpreter it was installed for. Proofs of jails need it.',
        ),
      );
    }
    if ('reason' in ofClient || 'reason' in ofPython) return findings;
    const versions = `fail2ban-client is ${ofClient.version}, the Python module ${ofPython.version}`;
    if (ofServer === undefined) return [ok(`${versions}; the server was not asked (see "socket").`)];
    if (ofClient.version === ofServer && ofPython.version === ofServer) return [ok(`${versions}, as the server.`)];
    return [
      warning(
        `${versions}, but the server is ${shown(ofServer)}: what they say of the configuration may not be what the server makes of it.`,
        'Install the same version for both.',
      ),
    ];
  },
};

async function versionOf(
  program: string,
  args: readonly string[],
): Promise<{ readonly version: string } | { readonly reason: string }> {
  try {
    const result = await runProgram(program, args, { timeoutMs: askLimitMs, maxOutputBytes: 64 * 1024 });
    const version = result.stdout.trim();
    if (result.exitCode === 0 && versionText.test(version)) return { version };
    const words = result.stderr.trim().split('\n').at(-1) ?? '';
    return { reason: shown(words || `it ended with ${result.exitCode} and told no version`) };
  } catch (error) {
    return { reason: reasonOf(error) };
  }
}

/** Programs with which bans and lists are enforced: only looked for, never run. */
export const firewallCheck: Check = {
  name: 'firewall',
  async look({ settings, env }) {
    const { ok, warning } = finder('firewall');
    const folders = new Set(`${env['PATH'] ?? ''}:${systemPath}`.split(':').filter((folder) => folder.startsWith('/')));
    const has = async (program: string): Promise<boolean> => {
      for (const folder of folders) {
        if ((await refusalOf(join(folder, program), constants.X_OK)) === undefined) return true;
      }
      return false;
    };
    const present: string[] = [];
    for (const program of ['nft', 'iptables', 'ipset']) if (await has(program)) present.push(program);
    const findings: Finding[] = [];
    if (!present.includes('nft') && !present.includes('iptables')) {
      findings.push(
        warning(
          'Neither nft nor iptables is on the path: fail2ban on this machine could block nobody.',
          'Install nftables or iptables where fail2ban runs. Fine where it runs on another machine or in another container.',
        ),
      );
    }
    if (settings.enforcement === 'ipset' && !(present.includes('ipset') && present.includes('iptables'))) {
      findings.push(
        warning(
          'ipset and iptables, with which blocklists are enforced, are not both on the path.',
          'Install them where bangui-enforcer runs, or set BANGUI_ENFORCEMENT. Fine where it runs elsewhere.',
        ),
      );
    }
    return findings.length > 0 ? findings : [ok(`On the path: ${present.join(', ')}.`)];
  },
};

/** Room on the disks BanGUI and fail2ban write to. */
export const diskCheck: Check = {
  name: 'disk',
  async look({ settings, client }: Place) {
    const { ok, warning, problem } = finder('disk');
    const fail2banDatabase =
      settings.fail2banDb ?? (await client.serverSetting('dbfile', { timeoutMs: 1_000 }).catch(() => null));
    const folders = [
      ...(settings.databaseUrl === undefined ? [dirname(resolve(settings.databasePath))] : []),
      settings.fail2banConfigDir,
      ...(fail2banDatabase?.startsWith('/') ? [dirname(fail2banDatabase)] : []),
    ];
    const findings: Finding[] = [];
    const seen = new Set<number>();
    for (const folder of folders) {
      const facts = await factsOf(folder);
      if (typeof facts === 'string' || seen.has(facts.dev)) continue;
      seen.add(facts.dev);
      const { bavail, bsize } = await statfs(folder);
      const free = bavail * bsize;
      const text = `${Math.floor(free / mib)} MiB are free on the disk of ${folder}.`;
      const remedy = 'Make room: old logs, old backups. A full disk stops the archive, sign-ins and fail2ban itself.';
      if (free < tooFewBytes) findings.push(problem(text, remedy));
      else findings.push(free < fewBytes ? warning(text, remedy) : ok(text));
    }
    return findings;
  },
};
