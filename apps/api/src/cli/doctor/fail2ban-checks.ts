import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { ServerZone } from '../../features/server/index.ts';
import { factsOf, ownRights, readWrite, refusalOf, rightsOf } from './access.ts';
import { askLimitMs, type Check, finder, type Finding, type Place, reasonOf, shown } from './finding.ts';

/** Bytes at the end of the log in which its last line is looked for. */
const tailBytes = 16 * 1024;
/** Levels of fail2ban at which its log names no bans. */
const silentLevels: readonly string[] = ['CRITICAL', 'ERROR', 'WARNING'];
const limit = { timeoutMs: askLimitMs };

/** fail2ban's socket: there, ours to use, answering. */
export const socketCheck: Check = {
  name: 'socket',
  async look({ settings: { fail2banSocket }, client }) {
    const wrong = await socketProblem(fail2banSocket);
    if (wrong) return [wrong];
    const { ok, problem } = finder('socket');
    try {
      await client.ping(limit);
      return [ok(`${fail2banSocket} answers; fail2ban ${shown(await client.version(limit))}.`)];
    } catch (error) {
      return [
        problem(
          `${fail2banSocket} is there, but nobody answers: ${reasonOf(error)}`,
          'Start or restart fail2ban (systemctl restart fail2ban), and look at its log.',
        ),
      ];
    }
  },
};

async function socketProblem(path: string): Promise<Finding | undefined> {
  const { problem } = finder('socket');
  const folder = dirname(path);
  const place = await factsOf(folder);
  if (typeof place === 'string' && place !== 'EACCES') {
    return problem(
      `The folder ${folder} of fail2ban's socket cannot be looked at: ${place}.`,
      'Start fail2ban, or set BANGUI_FAIL2BAN_SOCKET to where its socket is (fail2ban.conf, "socket").',
    );
  }
  const facts = await factsOf(path);
  const mayEnter = typeof place !== 'string' && (await refusalOf(folder, constants.X_OK)) === undefined;
  if (!mayEnter) {
    const rights = typeof place === 'string' ? '' : ` (${rightsOf(place)})`;
    return problem(
      `The folder ${folder}${rights} may not be entered. ${ownRights()}`,
      `Give it to a group of BanGUI's user: chgrp bangui ${folder} && chmod 0750 ${folder}, after each start of fail2ban.`,
    );
  }
  if (typeof facts === 'string') {
    return problem(
      `There is no socket ${path}: ${facts}.`,
      'Start fail2ban, or set BANGUI_FAIL2BAN_SOCKET to where its socket is (fail2ban.conf, "socket").',
    );
  }
  if (!facts.isSocket())
    return problem(`${path} is no socket.`, 'Set BANGUI_FAIL2BAN_SOCKET to the socket of fail2ban.');
  if ((await refusalOf(path, readWrite)) === undefined) return undefined;
  return problem(
    `${path} (${rightsOf(facts)}) may not be read and written. ${ownRights()}`,
    `Give it to a group of BanGUI's user: chgrp bangui ${path} && chmod 0660 ${path}, after each start of fail2ban.`,
  );
}

/** fail2ban's log: a file, readable, and telling enough. */
export const logCheck: Check = {
  name: 'log',
  async look(place) {
    const { ok, warning, problem } = finder('log');
    const path = await logPath(place);
    if (path.kind === 'unknown') return [unasked('log', path.reason)];
    const { file } = path;
    if (!file.startsWith('/')) {
      return [
        warning(
          `fail2ban logs to ${shown(file)}, not into a file: bans that come and go while BanGUI is away are missed.`,
          'Set "logtarget" in fail2ban.local to a file, such as /var/log/fail2ban.log, and reload.',
        ),
      ];
    }
    const refusal = await refusalOf(file, constants.R_OK);
    if (refusal !== undefined) {
      return [
        problem(
          `fail2ban's log ${shown(file)} cannot be read: ${refusal}. ${ownRights()}`,
          refusal === 'ENOENT'
            ? 'Set BANGUI_FAIL2BAN_LOG to where BanGUI sees it, or mount its folder at the same path.'
            : 'Give the file and its folder to a group of BanGUI\'s user, also after rotation (logrotate, "create 0640 root adm").',
        ),
      ];
    }
    const level = await place.client.serverSetting('loglevel', limit).catch(() => undefined);
    if (level !== undefined && silentLevels.includes(level)) {
      return [
        warning(
          `fail2ban's log ${file} has the level ${level}, at which it names no bans.`,
          'Set "loglevel" in fail2ban.local to INFO or NOTICE.',
        ),
      ];
    }
    return [ok(`fail2ban's log ${file} can be read.`)];
  },
};

/** The database of fail2ban, from which history is completed. */
export const fail2banDatabaseCheck: Check = {
  name: 'fail2ban-database',
  async look({ settings, client }) {
    const { ok, warning } = finder('fail2ban-database');
    let file;
    try {
      file = settings.fail2banDb ?? (await client.serverSetting('dbfile', limit));
    } catch (error) {
      return [unasked('fail2ban-database', reasonOf(error))];
    }
    if (!file?.startsWith('/')) {
      return [
        warning(
          'fail2ban keeps no database: bans are gone when it restarts, and history has no matched lines.',
          'Set "dbfile" in fail2ban.local to a file, such as /var/lib/fail2ban/fail2ban.sqlite3.',
        ),
      ];
    }
    const refusal = await refusalOf(file, constants.R_OK);
    if (refusal === undefined) return [ok(`fail2ban's database ${file} can be read.`)];
    return [
      warning(
        `fail2ban's database ${shown(file)} cannot be read: ${refusal}. ${ownRights()}`,
        "Make it readable for a group of BanGUI's user, or set BANGUI_FAIL2BAN_DB to where BanGUI sees it.",
      ),
    ];
  },
};

/** The zone of fail2ban's clock, by the last line of its log and when it was written. */
export const clockCheck: Check = {
  name: 'clock',
  async look(place) {
    const { ok, warning } = finder('clock');
    const path = await logPath(place);
    if (path.kind === 'unknown') return [unasked('clock', path.reason)];
    const last = path.file.startsWith('/') ? await lastLine(path.file).catch(() => undefined) : undefined;
    const zone = new ServerZone();
    if (!last || !zone.observeLine(last.line, last.writtenAt)) {
      return [
        warning(
          "The zone of fail2ban's clock cannot be measured: its log has no last line with a time that fits. The zone of BanGUI is taken for it.",
          'Run both with the same TZ, best TZ=UTC; make the log readable (see "log").',
        ),
      ];
    }
    const own = -new Date(last.writtenAt).getTimezoneOffset();
    if (zone.offsetMinutes === undefined) return [ok(`fail2ban's clock and ours are both at ${offsetText(own)}.`)];
    return [
      warning(
        `fail2ban's clock is at ${offsetText(zone.offsetMinutes)}, ours at ${offsetText(own)}. BanGUI converts its times, but cannot tell them before a change of summer time.`,
        'Run both with the same TZ, best TZ=UTC.',
      ),
    ];
  },
};

function offsetText(minutes: number): string {
  const two = (value: number): string => String(value).padStart(2, '0');
  const size = Math.abs(minutes);
  return `UTC${minutes < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}

async function logPath({
  settings,
  client,
}: Place): Promise<
  { readonly kind: 'known'; readonly file: string } | { readonly kind: 'unknown'; readonly reason: string }
> {
  if (settings.fail2banLog !== undefined) return { kind: 'known', file: settings.fail2banLog };
  try {
    return { kind: 'known', file: await client.serverSetting('logtarget', limit) };
  } catch (error) {
    return { kind: 'unknown', reason: reasonOf(error) };
  }
}

function unasked(check: string, reason: string): Finding {
  return finder(check).problem(`fail2ban was asked and did not answer: ${reason}`, 'See "socket".');
}

/** The last whole line, and when it was written. */
async function lastLine(path: string): Promise<{ readonly line: string; readonly writtenAt: number } | undefined> {
  // A named pipe would keep us waiting for its writer.
  const file = await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  try {
    const facts = await file.stat();
    if (!facts.isFile()) return undefined;
    const buffer = Buffer.alloc(Math.min(tailBytes, facts.size));
    const { bytesRead } = await file.read(buffer, 0, buffer.length, facts.size - buffer.length);
    const lines = buffer.toString('latin1', 0, bytesRead).split('\n');
    return { line: lines.at(-2) ?? '', writtenAt: facts.mtimeMs };
  } finally {
    await file.close();
  }
}
