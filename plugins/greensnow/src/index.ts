import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

export default defineSource({
  metadata: {
    id: 'greensnow',
    name: 'GreenSnow',
    description: 'Attackers and port scanners seen by servers around the world, for many services.',
    homepage: 'https://greensnow.co/',
    licence: 'Free to use; no licence is stated',
    hosts: ['blocklist.greensnow.co'],
    minIntervalMinutes: 60,
    staleAfterHours: 48,
    limits: { maxBytes: 16 * 1024 * 1024, maxEntries: 500_000 },
  },
  config: z.object({}),
  feeds: () => [{ key: 'attackers', url: 'https://blocklist.greensnow.co/greensnow.txt' }],
  parse: (body) => addressLines(body),
});
