import { HttpErrorResponse, HttpHeaders } from '@angular/common/http';
import { problemOf } from './problem';
import { problemText } from './problem-text';

const answer = (status: number, error: unknown, headers: Record<string, string> = {}): HttpErrorResponse =>
  new HttpErrorResponse({ status, error, headers: new HttpHeaders(headers) });

describe('problemOf', () => {
  it('reads problem+json, as an object and as text', () => {
    const body = {
      code: 'lockout-guard',
      detail: 'No.',
      errors: [
        {
          field: 'addresses.0',
          message: 'is you',
          code: 'own-address',
          params: { value: '192.0.2.1', limits: [1, 'x'] },
        },
        { field: 'jail', message: 'is odd', code: 7, params: 'odd' },
        { odd: 1 },
      ],
    };
    for (const error of [body, JSON.stringify(body)]) {
      expect(problemOf(answer(422, error))).toEqual({
        code: 'lockout-guard',
        status: 422,
        detail: 'No.',
        errors: [
          { field: 'addresses.0', message: 'is you', code: 'own-address', limits: [1], value: '192.0.2.1' },
          { field: 'jail', message: 'is odd', code: '', limits: [], value: null },
        ],
        retryAfter: null,
      });
    }
  });

  it('takes the time to wait from Retry-After', () => {
    expect(problemOf(answer(429, { code: 'too-many-attempts' }, { 'Retry-After': '47' })).retryAfter).toBe(47);
  });

  it('makes the best of a proxy that answers with a page, or of no answer at all', () => {
    expect(problemOf(answer(502, '<html>Bad Gateway</html>')).code).toBe('unreachable');
    expect(problemOf(answer(0, null)).code).toBe('unreachable');
    expect(problemOf(answer(500, null)).code).toBe('unexpected');
    expect(problemOf(new Error('odd')).code).toBe('unexpected');
  });
});

describe('problemText', () => {
  it('names the fields that were refused', () => {
    const problem = problemOf(
      answer(422, {
        code: 'configuration-broken',
        detail: 'x',
        errors: [{ field: 'sshd.bantime', message: 'is no time' }],
      }),
    );
    expect(problemText(problem)).toContain('sshd.bantime: is no time');
  });

  it('names the refused text where the API does, and says why by the code', () => {
    const error = { field: 'addresses.0', message: 'x', code: 'loopback', params: { value: '127.0.0.1' } };
    const problem = problemOf(answer(422, { code: 'lockout-guard', detail: 'x', errors: [error] }));
    expect(problemText(problem)).toContain('127.0.0.1: this is the server itself');
  });

  it('falls back to the words of the API for a code it does not know', () => {
    expect(problemText(problemOf(answer(409, { code: 'something-new', detail: 'Because of that.' })))).toBe(
      'Because of that.',
    );
    expect(problemText(problemOf(answer(500, null)))).toContain('500');
  });
});
