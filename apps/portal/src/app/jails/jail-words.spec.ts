import { type Armed } from '../api/generated/models';
import { armedReason } from './jail-words';

const notArmed = (reasonCode: Armed['reasonCode'], missing: string[]): Armed => ({
  status: 'not-armed',
  missing,
  reason: 'In the words of the API.',
  reasonCode,
  reasonParams: null,
  checkedAt: 1,
});

describe('armedReason', () => {
  it('names the parts that differ', () => {
    expect(armedReason(notArmed('not-as-configured', ['failRegexes', 'actions']))).toBe(
      'Not as configured: Filter regexes, Actions.',
    );
  });

  it('says that a jail rests, beside what differs', () => {
    expect(armedReason(notArmed('idle', ['idle']))).toBe(
      'It does not read its log while it is idle, so it bans nobody.',
    );
    expect(armedReason(notArmed('not-as-configured', ['actions', 'idle']))).toBe(
      'It does not read its log while it is idle, so it bans nobody. Not as configured: Actions.',
    );
  });

  it('says any other reason by its code, and nothing about a jail that is armed', () => {
    expect(armedReason(notArmed('jail-missing', ['jail']))).toBe('fail2ban does not have this jail.');
    expect(armedReason({ ...notArmed(null, []), status: 'armed', reason: null })).toBe('');
  });
});
