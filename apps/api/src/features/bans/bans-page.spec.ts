import { beforeEach, describe, expect, it } from 'vitest';
import { EventBus } from '../../core/events/event-bus.ts';
import { Log } from '../../core/logging/log.ts';
import { type BanQuery } from './bans.dto.ts';
import { AddressInvalid, CursorInvalid } from './bans.errors.ts';
import { nowhere } from '../geo/index.ts';
import { BansPages } from './bans-page.ts';
import { BansSnapshot } from './bans-snapshot.ts';

describe('BansPages', () => {
  let snapshot: BansSnapshot;
  let pages: BansPages;

  beforeEach(async () => {
    snapshot = new BansSnapshot(
      new EventBus(await Log.open({ level: 'error', format: 'json', write: () => undefined })),
    );
    pages = new BansPages(snapshot, { countryAndNetwork: () => nowhere } as never);
  });

  const fill = (jail: string, addresses: readonly string[], bannedAt = 1_700_000_000): Promise<void> =>
    snapshot.replace(
      jail,
      addresses.map((address) => ({ address, bannedAt, duration: -1, expiresAt: null })),
    );

  const walk = (
    query: Omit<BanQuery, 'cursor'>,
    between: () => Promise<void> = () => Promise.resolve(),
  ): Promise<string[]> => {
    const found: string[] = [];
    const next = async (cursor?: string): Promise<string[]> => {
      const page = pages.page({ ...query, ...(cursor !== undefined && { cursor }) });
      found.push(...page.items.map(({ address }) => address));
      if (page.nextCursor === null) return found;
      await between();
      return next(page.nextCursor);
    };
    return next();
  };

  it('walks over all bans, each once', async () => {
    const addresses = Array.from({ length: 25 }, (_, index) => `192.0.2.${index}`);
    await fill('web', addresses);
    expect(await walk({ limit: 10 })).toEqual(addresses);
    expect(pages.page({ limit: 10 })).toMatchObject({ total: 25 });
  });

  it('goes on at the right place when the ban of the cursor ends meanwhile', async () => {
    await fill('web', ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']);
    const found = await walk({ limit: 2 }, () => fill('web', ['192.0.2.1', '192.0.2.3', '192.0.2.4']));
    expect(found).toEqual(['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']);
  });

  it('filters by jail, by network of either family, and by text in address or jail', async () => {
    await fill('web', ['192.0.2.7', '198.51.100.7', '2001:db8::7', '192.0.2.128/25']);
    await fill('ssh', ['192.0.2.8']);
    expect(await walk({ limit: 2, jail: 'ssh' })).toEqual(['192.0.2.8']);
    expect((await walk({ limit: 2, network: '192.0.2.0/24' })).toSorted()).toEqual([
      '192.0.2.128/25',
      '192.0.2.7',
      '192.0.2.8',
    ]);
    expect(await walk({ limit: 2, network: '2001:db8::/32' })).toEqual(['2001:db8::7']);
    expect(await walk({ limit: 2, network: '198.51.100.7' })).toEqual(['198.51.100.7']);
    expect(await walk({ limit: 2, q: '100.7' })).toEqual(['198.51.100.7']);
    expect(await walk({ limit: 2, q: 'SSH' })).toEqual(['192.0.2.8']);
    expect(await walk({ limit: 2, q: '.*' })).toEqual([]);
    // IPv4 is no part of IPv6 here, although its key is.
    expect(await walk({ limit: 9, network: '::/0' })).toEqual(['2001:db8::7']);
  });

  it('sees new bans with a filter that was used before', async () => {
    await fill('web', ['192.0.2.1']);
    expect(pages.page({ limit: 5, q: '192' }).total).toBe(1);
    await fill('web', ['192.0.2.1', '192.0.2.2']);
    expect(pages.page({ limit: 5, q: '192' }).total).toBe(2);
  });

  it('refuses what is no network, naming the field', () => {
    expect(() => pages.page({ limit: 5, network: 'example.org' })).toThrow(AddressInvalid);
  });

  it.each([
    'x',
    'bnVsbA',
    Buffer.from('["1","web","192.0.2.1"]').toString('base64url'),
    Buffer.from('{}').toString('base64url'),
  ])('refuses a cursor that is not its own: %s', (cursor) => {
    expect(() => pages.page({ limit: 5, cursor })).toThrow(CursorInvalid);
  });
});
