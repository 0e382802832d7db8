import { defineSource, lines, MalformedFeed, z } from '@bangui/plugin-sdk';

/** Start, end, prefix, targets and name; country and contact follow. */
const NEEDED_COLUMNS = 5;

export default defineSource({
  metadata: {
    id: 'dshield',
    name: 'DShield block list',
    description: 'The twenty networks of 256 addresses that scanned the most targets within three days.',
    homepage: 'https://isc.sans.edu/feeds_doc.html',
    licence: 'CC BY-NC-SA 2.5, © DShield.org',
    hosts: ['feeds.dshield.org'],
    minIntervalMinutes: 60,
    staleAfterHours: 48,
    limits: { maxBytes: 1024 * 1024, maxEntries: 10_000 },
  },
  config: z.object({}),
  feeds: () => [{ key: 'block', url: 'https://feeds.dshield.org/block.txt' }],
  async *parse(body) {
    for await (const line of lines(body)) {
      if (line.trim() === '' || line.startsWith('#')) continue;
      const columns = line.split('\t');
      const [start = '', end = '', , targets = ''] = columns;
      // Names of the columns, which not every version of the list has.
      if (start === 'Start') continue;
      if (columns.length < NEEDED_COLUMNS || !/^\d{1,12}$/.test(targets)) {
        throw new MalformedFeed('A line does not have the columns of the block list.');
      }
      yield { address: `${start}-${end}`, reason: `scanned ${targets} targets` };
    }
  },
});
