import {
  type ConfiguredServer,
  type OptionSetting,
  type ServerSettingsChange,
  type ServerSettingsNow,
} from '../api/generated/models';

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

/** Settings of the running server that its configuration has otherwise: they would be lost with the next restart. */
export function settingsToKeep(
  settings: ServerSettingsNow,
  { options, purgeAgeSeconds }: Pick<ConfiguredServer, 'options' | 'purgeAgeSeconds'>,
): OptionSetting[] {
  return Object.entries<string>({ ...draftOf(settings) }).flatMap(([option, value]) => {
    // The same time can be written in many ways.
    if (option === 'dbpurgeage' && settings.dbpurgeage === purgeAgeSeconds) return [];
    const written = options.find(({ name }) => name === option)?.value ?? '';
    return value === '' || value === written ? [] : [{ option, value }];
  });
}
