import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

export default defineSource({
  metadata: {
    id: 'tor-exits',
    name: 'Tor exits',
    description: 'Addresses from which the Tor network reaches the world: not malicious as such, but anonymous.',
    homepage: 'https://metrics.torproject.org/collector.html',
    licence: 'CC0 1.0',
    hosts: ['check.torproject.org'],
    minIntervalMinutes: 60,
    staleAfterHours: 24,
    limits: { maxBytes: 16 * 1024 * 1024, maxEntries: 500_000 },
  },
  config: z.object({}),
  feeds: () => [{ key: 'exits', url: 'https://check.torproject.org/torbulkexitlist' }],
  parse: (body) => addressLines(body),
});
