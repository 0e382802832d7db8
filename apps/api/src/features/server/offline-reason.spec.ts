import { AnswerNotUnderstood, Fail2banOffline, Fail2banTimeout } from '@bangui/fail2ban';
import { describe, expect, it } from 'vitest';
import { type OfflineCode, offlineReason } from './offline-reason.ts';

const because = (code: string): Fail2banOffline =>
  new Fail2banOffline('x', { reason: code, cause: Object.assign(new Error('x'), { code }) });

describe('offlineReason', () => {
  it.each<[string, unknown, RegExp, OfflineCode]>([
    ['a missing socket', because('ENOENT'), /no socket at \/run\/f2b\.sock.*BANGUI_FAIL2BAN_SOCKET/, 'socket-missing'],
    ['a dead socket', because('ECONNREFUSED'), /ended without cleaning up/, 'socket-dead'],
    ['a forbidden socket', because('EACCES'), /may not open .* give its user access/, 'socket-forbidden'],
    ['a crowded socket', because('EAGAIN'), /does not answer/, 'no-answer'],
    ['a lost connection', because('ECONNRESET'), /stopping or was killed/, 'connection-closed'],
    ['silence', new Fail2banTimeout('ping', 3_000, true), /does not answer/, 'no-answer'],
    ['nonsense', new AnswerNotUnderstood('x'), /does not understand/, 'not-understood'],
    ['anything else', new Fail2banOffline('x'), /cannot be reached/, 'unreachable'],
  ])('says in words and by a code what is wrong: %s', (_what, error, words, code) => {
    const { reason, reasonCode, reasonParams } = offlineReason(error, '/run/f2b.sock');
    expect(reason).toMatch(words);
    expect(reasonCode).toBe(code);
    // Whoever says it in another language has what the words name.
    expect(reasonParams).toEqual(reason.includes('/run') ? { path: '/run/f2b.sock' } : null);
  });
});
