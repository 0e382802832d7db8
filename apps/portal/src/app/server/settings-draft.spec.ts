import { describe, expect, it } from 'vitest';
import { type ConfigurationOption, type ServerSettingsNow } from '../api/generated/models';
import { changeOf, draftOf, settingsToKeep } from './settings-draft';

const settings: ServerSettingsNow = {
  loglevel: 'INFO',
  logtarget: '/var/log/fail2ban.log',
  syslogsocket: 'auto',
  dbfile: '/var/lib/fail2ban/fail2ban.sqlite3',
  dbpurgeage: 86_400,
  dbmaxmatches: 10,
  socket: '/var/run/fail2ban/fail2ban.sock',
  restart: { isPossible: false, reason: 'none' },
};

describe('a draft of the settings', () => {
  it('sends only what was changed', () => {
    const draft = draftOf(settings);
    expect(changeOf(draft, settings)).toBeNull();
    expect(changeOf({ ...draft, loglevel: 'DEBUG', dbpurgeage: ' 2d ' }, settings)).toEqual({
      loglevel: 'DEBUG',
      dbpurgeage: '2d',
    });
    expect(changeOf({ ...draft, logtarget: 'SYSLOG', dbmaxmatches: '3' }, settings)).toEqual({
      logtarget: 'SYSLOG',
      dbmaxmatches: 3,
    });
  });

  it('is kept where the configuration says otherwise', () => {
    const option = (name: string, value: string): ConfigurationOption => ({
      ...{ name, value, raw: value, origin: null, overridden: [], problem: null },
    });
    const options = [option('loglevel', 'INFO'), option('logtarget', 'SYSLOG'), option('dbpurgeage', '2d')];
    expect(settingsToKeep({ ...settings, dbmaxmatches: null }, { options, purgeAgeSeconds: 172_800 })).toEqual([
      { option: 'logtarget', value: '/var/log/fail2ban.log' },
      { option: 'dbpurgeage', value: '86400' },
    ]);
  });

  it('is not kept where the configuration says the same in other words', () => {
    const named = { origin: null, overridden: [], problem: null };
    const options = Object.entries<string>({ ...draftOf(settings) }).map(([name, value]) => ({
      name,
      value,
      raw: value,
      ...named,
    }));
    const written = options.map((one) => (one.name === 'dbpurgeage' ? { ...one, value: '1d', raw: '1d' } : one));
    expect(settingsToKeep(settings, { options: written, purgeAgeSeconds: 86_400 })).toEqual([]);
  });
});
