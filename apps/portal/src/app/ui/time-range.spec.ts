import { periodBefore, rangeChoice, rangeKey, rangeParams, windowOf } from './time-range';

const none = { range: undefined, from: undefined, to: undefined };

describe('rangeChoice', () => {
  it('takes what the address of the page says', () => {
    expect(rangeChoice({ ...none, range: '7d' }, '24h')).toEqual({ kind: 'last', name: '7d' });
    expect(rangeChoice({ ...none, from: '2026-11-22T13:00:00Z', to: '2026-11-22T14:30:00Z' }, '24h')).toEqual({
      kind: 'custom',
      from: Date.UTC(2026, 10, 22, 13),
      to: Date.UTC(2026, 10, 22, 14, 30),
    });
  });

  it('falls back when it makes no sense', () => {
    const fallback = { kind: 'last', name: '24h' };
    expect(rangeChoice(none, '24h')).toEqual(fallback);
    expect(rangeChoice({ ...none, range: '99y' }, '24h')).toEqual(fallback);
    expect(rangeChoice({ ...none, from: '2026-11-22T13:00:00Z' }, '24h')).toEqual(fallback);
    expect(rangeChoice({ ...none, from: '2026-11-22T14:00:00Z', to: '2026-11-22T13:00:00Z' }, '24h')).toEqual(fallback);
    expect(rangeChoice({ ...none, from: '2001-01-01T00:00:00Z', to: '2026-11-22T13:00:00Z' }, '24h')).toEqual(fallback);
    expect(rangeChoice({ ...none, from: '2026-13-45T99:00:00Z', to: '2026-11-22T13:00:00Z' }, '24h')).toEqual(fallback);
  });

  it('comes back from the address it was put into', () => {
    for (const choice of [
      { kind: 'last', name: '365d' },
      { kind: 'custom', from: Date.UTC(2026, 0, 2, 3, 4, 5), to: Date.UTC(2026, 5, 6) },
    ] as const) {
      const { range, from, to } = rangeParams(choice);
      const params = { range: range ?? undefined, from: from ?? undefined, to: to ?? undefined };
      expect(rangeChoice(params, '1h')).toEqual(choice);
      expect(rangeKey(rangeChoice(params, '1h'))).toBe(rangeKey(choice));
    }
  });
});

describe('windowOf', () => {
  it('ends now for the last hours, and stands still for a fixed stretch', () => {
    expect(windowOf({ kind: 'last', name: '6h' }, 100_000_000)).toEqual({ from: 78_400_000, to: 100_000_000 });
    expect(windowOf({ kind: 'custom', from: 1, to: 2 }, 100_000_000)).toEqual({ from: 1, to: 2 });
  });
});

describe('periodBefore', () => {
  it('names what a figure is compared with', () => {
    expect(periodBefore({ kind: 'last', name: '24h' })).toBe('the day before');
    expect(periodBefore({ kind: 'last', name: '30d' })).toBe('the 30 d before');
    expect(periodBefore({ kind: 'custom', from: 1, to: 2 })).toBe('the period before');
  });
});
