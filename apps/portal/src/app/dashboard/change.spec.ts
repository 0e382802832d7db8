import { changeOf } from './change';

const said = (value: number, previous: number): string => {
  const { amount, against } = changeOf(value, previous, 'the day before');
  return `${amount} ${against}`.trim();
};

describe('changeOf', () => {
  it('says an arrow, an amount and what it is compared with', () => {
    expect(said(131, 100)).toBe('▲ 31% on the day before');
    expect(said(96, 100)).toBe('▼ 4% on the day before');
    expect(said(0, 100)).toBe('▼ 100% on the day before');
  });

  it('has no percentage where there was nothing, or where it would be absurd', () => {
    expect(said(5, 0)).toBe('none the day before');
    expect(said(0, 0)).toBe('as the day before');
    expect(said(2000, 3)).toBe('▲ 1,997 on the day before');
  });

  it('does not round a small change to none', () => {
    expect(said(100_001, 100_000)).toBe('▲ < 1% on the day before');
  });
});
