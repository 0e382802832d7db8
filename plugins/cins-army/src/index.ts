import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

export default defineSource({
  metadata: {
    id: 'cins-army',
    name: 'CINS Army',
    description:
      'Addresses with a bad reputation that no other list of the publisher knows yet, from the sensors of Sentinel IPS.',
    homepage: 'https://cinsscore.com/',
    licence: 'Free for the community; no licence is stated',
    hosts: ['cinsscore.com'],
    minIntervalMinutes: 60,
    staleAfterHours: 48,
    limits: { maxBytes: 16 * 1024 * 1024, maxEntries: 500_000 },
  },
  config: z.object({}),
  feeds: () => [{ key: 'badguys', url: 'https://cinsscore.com/list/ci-badguys.txt' }],
  parse: (body) => addressLines(body),
});
