import { describe, expect, it } from 'vitest';
import { type ServerSettingsNow } from '../api/generated/models';
import { changeOf, draftOf, linesToKeep } from './settings-draft';

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

  it('says what to write so that they outlast a restart', () => {
    expect(linesToKeep(settings)).toBe(
      '[Definition]\nloglevel = INFO\nlogtarget = /var/log/fail2ban.log\ndbpurgeage = 86400\ndbmaxmatches = 10',
    );
    expect(linesToKeep({ ...settings, dbfile: null, dbpurgeage: null, dbmaxmatches: null })).toBe(
      '[Definition]\nloglevel = INFO\nlogtarget = /var/log/fail2ban.log',
    );
  });
});
