import { Network } from '@bangui/ip';
import { describe, expect, it } from 'vitest';
import { Stopwatch } from '../../../test/stopwatch.ts';
import { Clock } from '../../core/clock.ts';
import { type GeoCacheEntity } from './geo-cache.entity.ts';
import { type GeoCacheRepository } from './geo-cache.repository.ts';
import { ReverseNames } from './reverse-names.ts';
import { nameServer } from './testing/name-server.ts';

const address = (text: string): Network => {
  const parsed = Network.parse(text);
  if (parsed === undefined) throw new Error(text);
  return parsed;
};

/** Kept names in memory. */
class MemoryCache implements Pick<GeoCacheRepository, 'find' | 'keep'> {
  readonly rows = new Map<string, GeoCacheEntity>();

  find(key: string, now: number): Promise<GeoCacheEntity | null> {
    const row = this.rows.get(key);
    return Promise.resolve(row !== undefined && row.expiresAt > now ? row : null);
  }

  keep(row: GeoCacheEntity): Promise<void> {
    this.rows.set(row.address, row);
    return Promise.resolve();
  }
}

const labels = (name: string): Buffer[] => name.split('.').map((label) => Buffer.from(label));
/** So patient, unless told otherwise, that a server is asked a second time by a second look-up only, however busy the machine is. */
const names = (server: string, cache: MemoryCache, limitMs = 60_000): ReverseNames =>
  // Only these two of its methods are used.
  new ReverseNames(cache as unknown as GeoCacheRepository, new Clock(), { servers: [server], limitMs });

describe('a reverse name', () => {
  it('is asked of DNS once, and then known for a day', async () => {
    await using dns = await nameServer({ labels: [labels('host.example.net')] });
    const cache = new MemoryCache();
    const reverse = names(dns.server, cache);
    expect(await reverse.find(address('8.8.8.8'))).toBe('host.example.net');
    expect(await reverse.find(address('8.8.8.8'))).toBe('host.example.net');
    expect(dns.asked).toEqual(['8.8.8.8.in-addr.arpa']);
    const [row] = cache.rows.values();
    expect((row?.expiresAt ?? 0) - (row?.at ?? 0)).toBe(86_400_000);
  });

  it('is asked for IPv6 by its nibbles', async () => {
    await using dns = await nameServer({ labels: [labels('six.example.net')] });
    expect(await names(dns.server, new MemoryCache()).find(address('2606:4700::1'))).toBe('six.example.net');
    expect(dns.asked[0]).toBe('1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.7.4.6.0.6.2.ip6.arpa');
  });

  it('is null where there is none, and that is known for an hour', async () => {
    await using dns = await nameServer({ code: 3 });
    const cache = new MemoryCache();
    expect(await names(dns.server, cache).find(address('8.8.8.8'))).toBeNull();
    const [row] = cache.rows.values();
    expect((row?.expiresAt ?? 0) - (row?.at ?? 0)).toBe(3_600_000);
  });

  it('is given up after the limit, and nothing is remembered', async () => {
    await using dns = await nameServer('silence');
    const cache = new MemoryCache();
    const stopwatch = new Stopwatch();
    await expect(names(dns.server, cache, 300).find(address('8.8.8.8'))).rejects.toMatchObject({
      code: 'reverse-name-unanswered',
      status: 504,
    });
    expect(stopwatch.stop()).toBeLessThan(2_500);
    expect(cache.rows.size).toBe(0);
  });

  it('is no null when the server failed', async () => {
    await using dns = await nameServer({ code: 2 });
    await expect(names(dns.server, new MemoryCache(), 1_000).find(address('8.8.8.8'))).rejects.toMatchObject({
      code: 'reverse-name-unanswered',
    });
  });

  it('is no longer waited for when the caller went', async () => {
    await using dns = await nameServer('silence');
    const gone = new AbortController();
    const reverse = names(dns.server, new MemoryCache());
    const waiting = reverse.find(address('8.8.8.8'), gone.signal);
    await dns.once();
    gone.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    // The look-up itself was ended as well: as many others as there may be find room.
    const again = new AbortController();
    const others = Promise.allSettled(
      Array.from({ length: 16 }, (_, host) => reverse.find(address(`8.8.4.${host}`), again.signal)),
    );
    await expect.poll(() => new Set(dns.asked).size).toBe(17);
    const reason = new Error('gone again');
    again.abort(reason);
    for (const other of await others) expect(other).toEqual({ status: 'rejected', reason });
  });

  it('is asked once for all who wait for it', async () => {
    await using dns = await nameServer({ labels: [labels('host.example.net')] });
    const reverse = names(dns.server, new MemoryCache());
    const all = await Promise.all(Array.from({ length: 20 }, () => reverse.find(address('8.8.4.4'))));
    expect([new Set(all), dns.asked]).toEqual([new Set(['host.example.net']), ['4.4.8.8.in-addr.arpa']]);
  });

  it('is refused while too many are looked up', async () => {
    await using dns = await nameServer('silence');
    const reverse = names(dns.server, new MemoryCache(), 500);
    const asked = Array.from({ length: 17 }, (_, host) => reverse.find(address(`8.8.8.${host}`)));
    const codes = (await Promise.allSettled(asked)).map(
      (outcome) => outcome.status === 'rejected' && (outcome.reason as { code: string }).code,
    );
    expect(codes.filter((code) => code === 'reverse-names-busy')).toHaveLength(1);
    expect(codes.filter((code) => code === 'reverse-name-unanswered')).toHaveLength(16);
  });

  it.each(['192.0.2.1', '127.0.0.1', '::1', '224.0.0.1', '8.8.8.0/24'])('is not asked for %s', async (text) => {
    await using dns = await nameServer({ labels: [labels('host.example.net')] });
    const parsed = Network.parse(text);
    expect(parsed && (await names(dns.server, new MemoryCache()).find(parsed))).toBeNull();
    expect(dns.asked).toEqual([]);
  });

  it('is bounded, storable text, whatever the server sends', async () => {
    const long = Array.from({ length: 4 }, () => Buffer.alloc(62, 'x'));
    const nasty = [
      Buffer.from([0, 27, 0x5b, 0x33, 0x31, 0x6d, 0xff, 0xfe]),
      Buffer.from('<script>'),
      Buffer.from('a b'),
    ];
    for (const each of [long, nasty, [Buffer.from('.'), Buffer.from('..')]]) {
      await using dns = await nameServer({ labels: [each] });
      const outcome = await names(dns.server, new MemoryCache(), 1_000)
        .find(address('8.8.8.8'))
        .catch((error: unknown) => (error as { code: string }).code);
      // Some resolvers refuse such names, which is an answer that nobody gave.
      expect(outcome === null || typeof outcome === 'string').toBe(true);
      expect((outcome ?? '').length).toBeLessThanOrEqual(253);
      expect(outcome ?? '').not.toContain('\0');
      expect((outcome ?? '').isWellFormed()).toBe(true);
    }
  });

  it('is the same of several each time', async () => {
    await using dns = await nameServer({ labels: [labels('b.example'), labels('a.example'), labels('c.example')] });
    expect(await names(dns.server, new MemoryCache()).find(address('8.8.8.8'))).toBe('a.example');
  });
});
