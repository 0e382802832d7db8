import { defineSource, jsonItems, MalformedFeed, z } from '@bangui/plugin-sdk';

const Item = z.object({
  ipAddress: z.string().max(64),
  abuseConfidenceScore: z.number().min(0).max(100),
  lastReportedAt: z.iso.datetime({ offset: true }).nullish(),
});

export default defineSource({
  metadata: {
    id: 'abuseipdb',
    name: 'AbuseIPDB',
    description:
      'The addresses that were reported most, with how sure AbuseIPDB is and when they were last reported. Needs an API key.',
    homepage: 'https://docs.abuseipdb.com/',
    licence: 'Terms of AbuseIPDB: for your own use, not to be passed on',
    hosts: ['api.abuseipdb.com'],
    minIntervalMinutes: 6 * 60,
    staleAfterHours: 48,
    limits: { maxBytes: 128 * 1024 * 1024, maxEntries: 500_000 },
  },
  config: z.object({
    key: z
      .string()
      .regex(/^[\x21-\x7e]{1,200}$/)
      .meta({ title: 'API key', description: 'From your account at AbuseIPDB. Kept secret.', writeOnly: true }),
    confidenceMinimum: z.int().min(25).max(100).default(100).meta({
      title: 'Confidence',
      description: 'Lowest score, 25 to 100. Accounts without a subscription get 100 only.',
    }),
    limit: z.int().min(1).max(500_000).default(10_000).meta({
      title: 'Most addresses',
      description: '10,000 without a subscription, 100,000 or 500,000 with one.',
    }),
  }),
  feeds: ({ key, confidenceMinimum, limit }) => [
    {
      key: 'blacklist',
      url: `https://api.abuseipdb.com/api/v2/blacklist?confidenceMinimum=${confidenceMinimum}&limit=${limit}`,
      headers: { Accept: 'application/json', Key: key },
    },
  ],
  async *parse(body) {
    for await (const value of jsonItems(body, { path: ['data'] })) {
      const item = Item.safeParse(value);
      if (!item.success) throw new MalformedFeed('An item is no reported address.');
      const { ipAddress: address, abuseConfidenceScore: confidence, lastReportedAt } = item.data;
      yield { address, confidence, ...(lastReportedAt && { lastSeenAt: new Date(lastReportedAt) }) };
    }
  },
});
