import { type SetupCheck } from '../api/generated/models';
import { checkWords } from './check-words';

const check = (reasonCode: string, reasonParams: SetupCheck['reasonParams'] = null): SetupCheck => ({
  name: 'socket',
  status: 'problem',
  message: 'What the API found.',
  remedy: 'What the API advises.',
  // A newer API may have more codes than this portal was generated from.
  reasonCode: reasonCode as SetupCheck['reasonCode'],
  reasonParams,
});

describe('checkWords', () => {
  it('says what was found and what to do by the code', () => {
    expect(checkWords(check('socket-missing', { path: '/run/f2b.sock' }))).toEqual({
      message: 'There is no fail2ban socket at /run/f2b.sock.',
      remedy: 'Start fail2ban, or set BANGUI_FAIL2BAN_SOCKET to where its socket is.',
    });
    expect(checkWords(check('configuration-unreadable', { path: '/etc/fail2ban', detail: 'EACCES' })).message).toBe(
      "fail2ban's configuration in /etc/fail2ban cannot be read (EACCES).",
    );
    expect(checkWords(check('programs-missing', { path: '/a, /b' })).message).toContain('Cannot run /a, /b;');
  });

  it('advises nothing where all is well', () => {
    expect(checkWords(check('database-ready', { detail: 'SQLite' }))).toEqual({
      message: 'The SQLite database is ready.',
      remedy: null,
    });
  });

  it('falls back to the words of the API for a code it does not know', () => {
    expect(checkWords(check('something-new'))).toEqual({
      message: 'What the API found.',
      remedy: 'What the API advises.',
    });
  });
});
