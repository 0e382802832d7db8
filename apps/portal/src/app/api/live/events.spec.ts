import { liveEvent } from './events';

describe('liveEvent', () => {
  it('reads what it knows', () => {
    expect(liveEvent('unban', '{"jail":"sshd","address":"192.0.2.1","at":1}')).toEqual({
      name: 'unban',
      data: { jail: 'sshd', address: '192.0.2.1', at: 1 },
    });
  });

  it('ignores what a newer API may say, and broken messages', () => {
    expect([liveEvent('future', '{}'), liveEvent('ban', '{"jail":'), liveEvent('__proto__', '{}')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
