import { type BanInForce } from '@bangui/fail2ban';
import { beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { compareBans } from './ban-record.ts';
import { bansChanged, type BansChanged, BansSnapshot } from './bans-snapshot.ts';
import { type ToldChange } from './told-bans.ts';

const ban = (address: string, bannedAt = 1_700_000_000, duration = 600): BanInForce => ({
  address,
  bannedAt,
  duration,
  expiresAt: duration === -1 ? null : bannedAt + duration,
});

/** Many addresses, banned over many seconds in no order. */
const many = (count: number): BanInForce[] =>
  Array.from({ length: count }, (_, index) =>
    ban(`10.${index >> 16}.${(index >> 8) & 255}.${index & 255}`, 1_700_000_000 + ((index * 7919) % 5_000)),
  );

describe('BansSnapshot', () => {
  let snapshot: BansSnapshot;
  let changes: BansChanged[];

  beforeEach(async () => {
    const events = new EventBus(await Log.open({ level: 'error', format: 'json', write: () => undefined }));
    snapshot = new BansSnapshot(events);
    changes = [];
    events.on(bansChanged, (change) => changes.push(change));
  });

  const addresses = (): string[] => snapshot.newestFirst().map(({ address }) => address);

  it('lists bans of all jails newest first, then by jail and numerically by address', async () => {
    await snapshot.replace('web', [
      ban('192.0.2.10'),
      ban('192.0.2.9'),
      ban('2001:db8::1'),
      ban('192.0.2.1', 1_700_000_001),
    ]);
    await snapshot.replace('ssh', [ban('198.51.100.1')]);
    expect(addresses()).toEqual(['192.0.2.1', '198.51.100.1', '192.0.2.9', '192.0.2.10', '2001:db8::1']);
  });

  it('tells only what is different', async () => {
    await snapshot.replace('web', [ban('192.0.2.1'), ban('192.0.2.2')]);
    await snapshot.replace('web', [ban('192.0.2.2'), ban('192.0.2.3')]);
    await snapshot.replace('web', [ban('192.0.2.2'), ban('192.0.2.3')]);
    expect(
      changes.map(({ added, removed }) => [added.map((one) => one.address), removed.map((one) => one.address)]),
    ).toEqual([
      [['192.0.2.1', '192.0.2.2'], []],
      [['192.0.2.3'], ['192.0.2.1']],
    ]);
  });

  it('tells a ban that was renewed as a new one, not as an end', async () => {
    await snapshot.replace('web', [ban('192.0.2.1')]);
    await snapshot.replace('web', [ban('192.0.2.1', 1_700_000_100)]);
    expect(changes[1]).toMatchObject({ added: [{ address: '192.0.2.1', bannedAt: 1_700_000_100_000 }], removed: [] });
    expect(addresses()).toEqual(['192.0.2.1']);
  });

  it('knows a ban again that fail2ban tells a second later after its restart', async () => {
    await snapshot.replace('web', [ban('192.0.2.1')]);
    await snapshot.replace('web', [ban('192.0.2.1', 1_700_000_001)]);
    expect(changes).toHaveLength(1);
  });

  it('keeps bans that a server which is still restoring does not tell yet', async () => {
    await snapshot.replace('web', [ban('192.0.2.1'), ban('192.0.2.2')]);
    await snapshot.replace('web', [ban('192.0.2.2')], { keepsMissing: true });
    expect(changes).toHaveLength(1);
    expect(addresses()).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('ends all bans of a jail that is gone', async () => {
    await snapshot.replace('web', [ban('192.0.2.1')]);
    await snapshot.replace('ssh', [ban('192.0.2.1')]);
    await snapshot.forget('web');
    expect(snapshot.newestFirst()).toMatchObject([{ jail: 'ssh' }]);
    expect(changes.at(-1)).toMatchObject({ jail: 'web', added: [], removed: [{ address: '192.0.2.1' }] });
    expect(snapshot.newestOf('web')).toBeUndefined();
    expect(snapshot.newestOf('ssh')).toBe(1_700_000_000_000);
  });

  it('keeps text that is no address, because fail2ban bans it all the same', async () => {
    await snapshot.replace('web', [ban('-o x; <script>'), ban('999.1.1.1'), ban('192.0.2.1')]);
    expect(new Set(addresses())).toEqual(new Set(['-o x; <script>', '999.1.1.1', '192.0.2.1']));
  });

  it('takes an address that is told twice once', async () => {
    await snapshot.replace('web', [ban('192.0.2.1'), ban('192.0.2.1', 1_700_000_009)]);
    expect(snapshot.newestFirst()).toMatchObject([{ bannedAt: 1_700_000_000_000 }]);
  });

  it('is in the same order whether bans come one by one, in bulk, or at once', async () => {
    const bans = many(2_500);
    await snapshot.replace('bulk', bans);
    await snapshot.replace(
      'bulk',
      bans.filter((_, index) => index % 3 !== 0),
    );
    await snapshot.replace('bulk', [...bans].reverse());
    const sorted = snapshot.newestFirst();
    expect(sorted).toHaveLength(2_500);
    expect([...sorted].sort(compareBans)).toEqual(sorted);
    const list = bans.slice(0, 300);
    for (let count = 1; count <= list.length; count += 1) await snapshot.replace('single', list.slice(0, count));
    const single = snapshot.newestFirst().filter(({ jail }) => jail === 'single');
    expect([...single].sort(compareBans)).toEqual(single);
  });

  it('applies two changes that are asked for at once one after the other', async () => {
    await Promise.all([
      snapshot.replace('web', many(3_000)),
      snapshot.replace('ssh', many(3_000)),
      snapshot.replace('web', [ban('192.0.2.1')]),
    ]);
    expect(snapshot.newestFirst()).toHaveLength(3_001);
    expect(snapshot.ofJail('web').size).toBe(1);
  });

  describe('told of changes before the list is read again', () => {
    /** When the last failure was, in epoch milliseconds; fail2ban writes the ban 300 ms later. */
    const failedAt = 1_700_000_000_000;
    const begun = (address: string, at = failedAt + 300, bannedAt = failedAt): ToldChange => ({
      name: 'ban',
      data: { jail: 'web', address, at, bannedAt, duration: 600, expiresAt: bannedAt + 600_000 },
    });
    const ended = (address: string, at = failedAt + 700): ToldChange => ({
      name: 'unban',
      data: { jail: 'web', address, at },
    });
    const now = failedAt + 1_000;

    it('has a ban at once, also after a list that may be older, until a later list lacks it', async () => {
      await snapshot.replace('web', [ban('192.0.2.1')], { readAt: failedAt });
      await snapshot.learn([begun('192.0.2.2')], now);
      expect(addresses()).toEqual(['192.0.2.1', '192.0.2.2']);
      expect(snapshot.ofJail('web').get('192.0.2.2')).toEqual({
        jail: 'web',
        address: '192.0.2.2',
        bannedAt: failedAt,
        duration: 600,
        expiresAt: failedAt + 600_000,
        key: snapshot.newestFirst()[1]?.key,
      });
      await snapshot.replace('web', [ban('192.0.2.1')], { readAt: failedAt + 300 });
      expect(addresses()).toEqual(['192.0.2.1', '192.0.2.2']);
      expect(changes).toHaveLength(2);
      await snapshot.replace('web', [ban('192.0.2.1')], { readAt: failedAt + 301 });
      expect(addresses()).toEqual(['192.0.2.1']);
    });

    it('knows the ban again in the list, and tells it once', async () => {
      await snapshot.learn([begun('192.0.2.2', failedAt + 1_200, failedAt + 900)], now);
      await snapshot.replace('web', [ban('192.0.2.2')], { readAt: failedAt + 2_000 });
      expect(changes).toMatchObject([{ added: [{ address: '192.0.2.2' }], removed: [] }]);
    });

    it('has an ended ban no more, also after a list that may be older', async () => {
      await snapshot.replace('web', [ban('192.0.2.1'), ban('192.0.2.2')], { readAt: failedAt });
      await snapshot.learn([ended('192.0.2.1')], now);
      await snapshot.replace('web', [ban('192.0.2.1'), ban('192.0.2.2')], { readAt: failedAt + 500 });
      expect(addresses()).toEqual(['192.0.2.2']);
      expect(changes[1]).toMatchObject({ added: [], removed: [{ address: '192.0.2.1' }] });
      expect(changes).toHaveLength(2);
    });

    it('follows what happened to one address in its order', async () => {
      await snapshot.learn([begun('192.0.2.1'), ended('192.0.2.1')], now);
      expect(addresses()).toEqual([]);
      expect(changes).toEqual([]);
      await snapshot.learn([begun('192.0.2.1'), ended('192.0.2.1'), begun('192.0.2.1', failedAt + 800)], now);
      expect(addresses()).toEqual(['192.0.2.1']);
    });

    it('believes a later list more than what is told late', async () => {
      await snapshot.replace('web', [ban('192.0.2.1')], { readAt: failedAt + 900 });
      await snapshot.learn([ended('192.0.2.1'), begun('192.0.2.2')], now);
      expect(addresses()).toEqual(['192.0.2.1']);
    });

    it('has a ban of which only the time of the last failure is known, however new the list is', async () => {
      await snapshot.replace('web', [], { readAt: failedAt + 900 });
      await snapshot.learn([begun('192.0.2.2', failedAt)], now);
      expect(addresses()).toEqual(['192.0.2.2']);
      await snapshot.replace('web', [], { readAt: now + 1 });
      expect(addresses()).toEqual([]);
    });

    it('has no ban that began and ended before the latest list was read, in whichever portions that is told', async () => {
      await snapshot.replace('web', [], { readAt: failedAt + 900 });
      await snapshot.learn([begun('192.0.2.2', failedAt), ended('192.0.2.2')], now);
      expect(addresses()).toEqual([]);
      expect(changes).toEqual([]);
      await snapshot.learn([begun('192.0.2.3', failedAt)], now);
      await snapshot.learn([ended('192.0.2.3')], now);
      expect(addresses()).toEqual([]);
    });

    it('takes no ban that is over, or of long ago', async () => {
      await snapshot.learn([begun('192.0.2.2', failedAt - 60_000, failedAt - 60_300)], now);
      await snapshot.learn([begun('192.0.2.2', failedAt, failedAt - 600_000)], now);
      expect(addresses()).toEqual([]);
    });

    it('leaves a later ban alone when the end of the one before is told', async () => {
      await snapshot.replace('web', [ban('192.0.2.1', failedAt / 1_000 + 5)], { readAt: failedAt });
      await snapshot.learn([ended('192.0.2.1')], failedAt + 6_000);
      expect(addresses()).toEqual(['192.0.2.1']);
    });

    it('forgets it with its jail', async () => {
      await snapshot.learn([begun('192.0.2.2')], now);
      await snapshot.forget('web');
      await snapshot.replace('web', [], { readAt: failedAt });
      expect(addresses()).toEqual([]);
    });
  });

  it('lets the event loop turn many times while it takes over 100,000 bans', async () => {
    let turns = 0;
    let isDone = false;
    const turn = (): void => {
      turns += 1;
      if (!isDone) setImmediate(turn);
    };
    setImmediate(turn);
    await snapshot.replace('web', many(100_000));
    isDone = true;
    expect(snapshot.newestFirst()).toHaveLength(100_000);
    expect(turns).toBeGreaterThan(100);
  });
});
