import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

export default defineSource({
  metadata: {
    id: 'ipsum',
    name: 'IPsum',
    description:
      'Addresses that stand on several of more than thirty public blocklists; the higher the level, the fewer are innocent.',
    homepage: 'https://github.com/stamparm/ipsum',
    licence: 'The Unlicense (public domain)',
    hosts: ['raw.githubusercontent.com'],
    minIntervalMinutes: 12 * 60,
    staleAfterHours: 72,
    limits: { maxBytes: 32 * 1024 * 1024, maxEntries: 1_000_000 },
  },
  config: z.object({
    level: z.int().min(1).max(8).default(3).meta({
      title: 'Level',
      description: 'On how many lists an address must stand, 1 to 8.',
    }),
  }),
  feeds: ({ level }) => [
    { key: `level-${level}`, url: `https://raw.githubusercontent.com/stamparm/ipsum/master/levels/${level}.txt` },
  ],
  parse: (body) => addressLines(body, { comments: '#' }),
});
