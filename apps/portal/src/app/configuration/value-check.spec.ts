import { problemOfValue } from './value-check';

describe('problemOfValue', () => {
  it.each(['600', '-1', '10m', '1h 30m', '1d12h', '1.5h', '2 weeks', '1mo', '%(bantime)s', ''])(
    'takes %s for a duration',
    (value) => expect(problemOfValue('duration', value)).toBeNull(),
  );

  it.each(['abc', 'two moons', '10x', '1h30', '10m;reboot', '__import__("os")'])('finds no duration in %s', (value) =>
    expect(problemOfValue('duration', value)).not.toBeNull(),
  );

  it.each([
    ['number', '5', null],
    ['number', 'abc', 'No whole number.'],
    ['number', '1.5', 'No whole number.'],
    ['yes-no', 'Yes', null],
    ['yes-no', 'maybe', 'Neither true nor false.'],
    ['text', 'anything (', null],
  ] as const)('of kind %s: %s', (kind, value, problem) => expect(problemOfValue(kind, value)).toBe(problem));

  it('takes addresses, networks and host names, and names what is none', () => {
    expect(problemOfValue('addresses', '127.0.0.1/8 ::1, 2001:db8::/32\nexample.org')).toBeNull();
    expect(problemOfValue('addresses', '127.0.0.1 300.1.1.1')).toContain('300.1.1.1');
    expect(problemOfValue('addresses', '10.0.0.0/33')).toContain('10.0.0.0/33');
    expect(problemOfValue('addresses', '2001:db8:::1')).toContain('2001:db8:::1');
  });

  it('looks at long text in no time', () => {
    const startedAt = performance.now();
    problemOfValue('duration', '1 '.repeat(9_000));
    problemOfValue('addresses', '1.'.repeat(9_000));
    expect(performance.now() - startedAt).toBeLessThan(200);
  });
});
