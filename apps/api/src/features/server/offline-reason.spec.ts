import { AnswerNotUnderstood, Fail2banOffline, Fail2banTimeout } from '@bangui/fail2ban';
import { describe, expect, it } from 'vitest';
import { offlineReason } from './offline-reason.ts';

const because = (code: string): Fail2banOffline =>
  new Fail2banOffline('x', { reason: code, cause: Object.assign(new Error('x'), { code }) });

describe('offlineReason', () => {
  it.each<[string, unknown, RegExp]>([
    ['a missing socket', because('ENOENT'), /no socket at \/run\/f2b\.sock.*BANGUI_FAIL2BAN_SOCKET/],
    ['a dead socket', because('ECONNREFUSED'), /ended without cleaning up/],
    ['a forbidden socket', because('EACCES'), /may not open .* give its user access/],
    ['a crowded socket', because('EAGAIN'), /does not answer/],
    ['a lost connection', because('ECONNRESET'), /stopping or was killed/],
    ['silence', new Fail2banTimeout('ping', 3_000, true), /does not answer/],
    ['nonsense', new AnswerNotUnderstood('x'), /does not understand/],
    ['anything else', new Fail2banOffline('x'), /cannot be reached/],
  ])('says in words what is wrong: %s', (_what, error, words) => {
    expect(offlineReason(error, '/run/f2b.sock')).toMatch(words);
  });
});
