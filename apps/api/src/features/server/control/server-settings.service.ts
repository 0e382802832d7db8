import { Fail2banClient } from '@bangui/fail2ban';
import { Injectable } from '@nestjs/common';
import { Settings } from '../../../core/config/settings.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { Fail2banWatcher, ServerChanges } from '../index.ts';
import { type ServerSettingsChange, type ServerSettingsNow } from './server-control.dto.ts';
import { ServerSettingInvalid } from './server-control.errors.ts';
import { restartAbility } from './server-restart.ts';
import { purgeAgeOf, requireLogTarget } from './server-setting-rules.ts';

/** Limit for the questions of one reading, in milliseconds. */
const readMs = 5_000;
type Values = Omit<ServerSettingsNow, 'socket' | 'restart'>;

/** Reads and changes settings of the running fail2ban. */
@Injectable()
export class ServerSettingsService {
  constructor(
    private readonly client: Fail2banClient,
    private readonly server: Fail2banWatcher,
    private readonly changes: ServerChanges,
    private readonly settings: Settings,
  ) {}

  /** @throws {Fail2banProblem} when fail2ban does not answer */
  async read(): Promise<ServerSettingsNow> {
    this.server.requireOnline();
    return {
      ...(await this.values()),
      socket: this.settings.fail2banSocket,
      restart: restartAbility(this.settings.fail2banRestart),
    };
  }

  /** @throws {ServerSettingInvalid} before anything is sent; what the client throws */
  async change(change: ServerSettingsChange, requester: Requester): Promise<ServerSettingsNow> {
    const record = { action: 'server.settings', subject: null, requester, detail: { ...change } };
    await this.changes.carryOut(record, async () => {
      this.server.requireOnline();
      const before = await this.values();
      const purgeAge = change.dbpurgeage === undefined ? undefined : purgeAgeOf(change.dbpurgeage);
      if (change.logtarget !== undefined) requireLogTarget(change.logtarget, before.logtarget);
      requireDatabase(change, before);
      if (change.loglevel !== undefined) await this.client.setServerSetting('loglevel', change.loglevel);
      if (change.logtarget !== undefined) await this.client.setServerSetting('logtarget', change.logtarget);
      if (purgeAge !== undefined) await this.client.setServerSetting('dbpurgeage', purgeAge);
      if (change.dbmaxmatches !== undefined) await this.client.setServerSetting('dbmaxmatches', change.dbmaxmatches);
      return { outcome: { lostAtRestart: true }, before: { ...before }, after: { ...(await this.values()) } };
    });
    return this.read();
  }

  async flushLogs(requester: Requester): Promise<void> {
    await this.changes.carryOut({ action: 'server.flush-logs', subject: null, requester }, async () => {
      this.server.requireOnline();
      await this.client.flushLogs();
      return { outcome: {} };
    });
  }

  private async values(): Promise<Values> {
    const limit = { timeoutMs: readMs };
    const [loglevel, logtarget, syslogsocket, dbfile, dbpurgeage, dbmaxmatches] = await Promise.all([
      this.client.serverSetting('loglevel', limit),
      this.client.serverSetting('logtarget', limit),
      this.client.serverSetting('syslogsocket', limit),
      this.client.serverSetting('dbfile', limit),
      this.client.serverSetting('dbpurgeage', limit),
      this.client.serverSetting('dbmaxmatches', limit),
    ]);
    return { loglevel, logtarget, syslogsocket, dbfile, dbpurgeage, dbmaxmatches };
  }
}

function requireDatabase(change: ServerSettingsChange, { dbfile }: Values): void {
  if (dbfile !== null) return;
  for (const field of ['dbpurgeage', 'dbmaxmatches'] as const) {
    if (change[field] === undefined) continue;
    throw new ServerSettingInvalid({ field, message: 'fail2ban keeps no database', code: 'no-database' });
  }
}
