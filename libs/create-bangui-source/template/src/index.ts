import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

export default defineSource({
  metadata: {
    id: '{{id}}',
    name: '{{name}}',
    description: 'What is listed, and why somebody should block it.',
    homepage: 'https://{{host}}/',
    licence: 'Name the licence or terms of the list',
    hosts: ['{{host}}'],
    minIntervalMinutes: 60, // how often the publisher lets you ask
    staleAfterHours: 48, // unchanged for longer, something is wrong
    limits: { maxBytes: 16 * 1024 * 1024, maxEntries: 500_000 },
  },
  config: z.object({
    list: z
      .enum(['all', 'recent'])
      .default('all')
      .meta({ title: 'List', description: 'All addresses, or recent ones only.' }),
  }),
  feeds: ({ list }) => [{ key: list, url: `https://{{host}}/${list}.txt` }],
  parse: (body) => addressLines(body),
});
