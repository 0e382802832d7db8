import { reasonText, type Reason } from './reason-text';

const because = (reasonCode: Reason['reasonCode'], reasonParams: Reason['reasonParams'] = null): Reason => ({
  reason: 'In the words of the API.',
  reasonCode,
  reasonParams,
});

describe('reasonText', () => {
  it.each([
    ['socket-missing', { path: '/run/f2b.sock' }, 'There is no socket at /run/f2b.sock: fail2ban is not running'],
    ['socket-dead', { path: '/run/f2b.sock' }, 'Nobody listens at /run/f2b.sock: fail2ban ended'],
    ['socket-forbidden', { path: '/run/f2b.sock' }, 'BanGUI may not open /run/f2b.sock. Run it'],
    ['no-answer', null, 'fail2ban is there but does not answer'],
    ['configuration-fault', { detail: 'no log file' }, 'The configuration has a fault: no log file'],
    ['configuration-unreadable', { detail: 'EACCES' }, 'The configuration cannot be read: EACCES'],
    ['not-configured', null, 'The configuration does not enable this jail.'],
  ] as const)('says %s in the words of the portal', (code, params, words) => {
    expect(reasonText(because(code, params))).toContain(words);
  });

  it('falls back to the words of the API for a code it does not know, and says nothing without a reason', () => {
    // A newer API may have more codes than this portal was generated from.
    expect(reasonText(because('something-new' as Reason['reasonCode']))).toBe('In the words of the API.');
    expect(reasonText({ reason: null, reasonCode: null, reasonParams: null })).toBe('');
  });
});
