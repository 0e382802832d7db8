import { type ServerSettingsChange, type ServerSettingsNow } from '../api/generated/models';

/** What stands in the fields. */
export interface SettingsDraft {
  readonly loglevel: string;
  readonly logtarget: string;
  readonly dbpurgeage: string;
  readonly dbmaxmatches: string;
}

/** The fields as the server has them. */
export function draftOf(settings: ServerSettingsNow): SettingsDraft {
  const { loglevel, logtarget, dbpurgeage, dbmaxmatches } = settings;
  return {
    loglevel,
    logtarget,
    dbpurgeage: dbpurgeage === null ? '' : String(dbpurgeage),
    dbmaxmatches: dbmaxmatches === null ? '' : String(dbmaxmatches),
  };
}

/** What differs from what the server has; null when nothing does. */
export function changeOf(draft: SettingsDraft, settings: ServerSettingsNow): ServerSettingsChange | null {
  const before = draftOf(settings);
  const change: ServerSettingsChange = {
    // The field offers fail2ban's levels only.
    ...(draft.loglevel !== before.loglevel && { loglevel: draft.loglevel as ServerSettingsNow['loglevel'] }),
    ...(draft.logtarget.trim() !== before.logtarget && { logtarget: draft.logtarget.trim() }),
    ...(draft.dbpurgeage.trim() !== before.dbpurgeage && { dbpurgeage: draft.dbpurgeage.trim() }),
    ...(draft.dbmaxmatches.trim() !== before.dbmaxmatches && { dbmaxmatches: Number(draft.dbmaxmatches) }),
  };
  return Object.keys(change).length === 0 ? null : change;
}

/** What fail2ban.local has to say for the settings to outlast a restart. */
export function linesToKeep({ loglevel, logtarget, dbpurgeage, dbmaxmatches }: ServerSettingsNow): string {
  const lines = ['[Definition]', `loglevel = ${loglevel}`, `logtarget = ${logtarget}`];
  if (dbpurgeage !== null) lines.push(`dbpurgeage = ${String(dbpurgeage)}`);
  if (dbmaxmatches !== null) lines.push(`dbmaxmatches = ${String(dbmaxmatches)}`);
  return lines.join('\n');
}
