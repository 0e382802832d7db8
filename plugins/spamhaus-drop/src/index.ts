import { defineSource, jsonLines, MalformedFeed, z } from '@bangui/plugin-sdk';

const Family = z.enum(['v4', 'v6']);

const Row = z.object({ cidr: z.string(), sblid: z.string().max(100) });
const Trailer = z.object({ type: z.literal('metadata'), records: z.number().optional() });

export default defineSource({
  metadata: {
    id: 'spamhaus-drop',
    name: 'Spamhaus DROP',
    description:
      'Networks that are run by criminals or were hijacked: traffic from them is never wanted. DROP and the former EDROP.',
    homepage: 'https://www.spamhaus.org/blocklists/do-not-route-or-peer/',
    licence: 'Free of charge for all; © The Spamhaus Project SLU, keep the name and date with the data',
    hosts: ['www.spamhaus.org'],
    minIntervalMinutes: 60,
    staleAfterHours: 14 * 24,
    limits: { maxBytes: 16 * 1024 * 1024, maxEntries: 100_000 },
  },
  config: z.object({
    families: z
      .array(Family)
      .min(1)
      .max(2)
      .default(['v4', 'v6'])
      .meta({ title: 'Address families', description: 'IPv4 networks, IPv6 networks or both.' }),
  }),
  feeds: ({ families }) =>
    [...new Set(families)].map((family) => ({ key: family, url: `https://www.spamhaus.org/drop/drop_${family}.json` })),
  async *parse(body) {
    let records = 0;
    for await (const value of jsonLines(body)) {
      const row = Row.safeParse(value);
      if (row.success) {
        records += 1;
        yield { address: row.data.cidr, reason: row.data.sblid };
        continue;
      }
      // The last line describes the list itself, and says how many networks there should be.
      const trailer = Trailer.safeParse(value);
      if (!trailer.success) throw new MalformedFeed('A line is neither a network nor the description of the list.');
      if (trailer.data.records !== undefined && trailer.data.records !== records) {
        throw new MalformedFeed(`The list has ${records} networks and claims ${trailer.data.records}.`);
      }
    }
  },
});
