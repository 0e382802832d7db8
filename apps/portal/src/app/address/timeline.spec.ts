import { lanesOf, unreadShare } from './timeline';

const window = { from: 0, to: 1_000_000 };
let id = 0;
const event = (jail: string, action: 'ban' | 'unban', at: number, duration: number | null = null) => ({
  id: ++id,
  jail,
  address: '203.0.113.4',
  action,
  at,
  duration,
});
const shown = (events: readonly ReturnType<typeof event>[], now = 1_000_000) =>
  lanesOf(events, window, now).map(({ jail, spans }) => [jail, ...spans.map(({ start, end }) => [start, end])]);

describe('lanesOf', () => {
  it('draws each ban from its beginning to the unban or the end of its duration', () => {
    expect(
      shown([
        event('sshd', 'ban', 100_000, 600),
        event('sshd', 'unban', 200_000),
        event('sshd', 'ban', 300_000, 100),
        event('recidive', 'ban', 350_000, -1),
      ]),
    ).toEqual([
      ['sshd', [0.1, 0.2], [0.3, 0.4]],
      ['recidive', [0.35, 1]],
    ]);
  });

  it('takes events newest first as well, and cuts what lies outside of the window', () => {
    expect(
      shown([
        event('sshd', 'ban', 990_000, 3600),
        event('sshd', 'ban', -50_000, 100),
        event('sshd', 'ban', -900_000, 100),
        event('sshd', 'ban', 2_000_000, 100),
      ]),
    ).toEqual([['sshd', [0, 0.05], [0.99, 1]]]);
  });

  it('ends a ban that was made longer where the longer one begins', () => {
    expect(shown([event('sshd', 'ban', 100_000, 600), event('sshd', 'ban', 400_000, 200)])).toEqual([
      ['sshd', [0.1, 0.4], [0.4, 0.6]],
    ]);
  });

  it('knows which still lasts', () => {
    const [lane] = lanesOf([event('sshd', 'ban', 900_000, 3600)], window, 1_000_000);
    expect(lane?.spans[0]?.to).toBeNull();
  });

  it('keeps the addresses of a network apart', () => {
    const other = { ...event('sshd', 'unban', 200_000), address: '203.0.113.5' };
    expect(shown([event('sshd', 'ban', 100_000, -1), other])).toEqual([['sshd', [0.1, 1]]]);
  });
});

describe('unreadShare', () => {
  it('reaches from the beginning to the oldest event', () => {
    expect(unreadShare([{ at: 175 }, { at: 150 }], { from: 100, to: 200 })).toBe(0.5);
    expect(unreadShare([{ at: 50 }], { from: 100, to: 200 })).toBe(0);
    expect(unreadShare([], { from: 100, to: 200 })).toBe(1);
  });
});
