import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

const ListName = z.enum(['inbound', 'outbound']);

export default defineSource({
  metadata: {
    id: 'bitwire',
    name: 'bitwire IP blocklist',
    description:
      'More than a million addresses and networks merged from over thirty lists: those that attack (inbound) and those that malware calls (outbound).',
    homepage: 'https://github.com/bitwire-it/ipblocklist',
    licence: 'Code MIT; the merged data is said to be CC BY-NC-SA 4.0, so not for commercial use',
    hosts: ['raw.githubusercontent.com'],
    minIntervalMinutes: 120,
    staleAfterHours: 48,
    limits: { maxBytes: 128 * 1024 * 1024, maxEntries: 3_000_000 },
  },
  config: z.object({
    lists: z
      .array(ListName)
      .min(1)
      .max(ListName.options.length)
      .default(['inbound'])
      .meta({ title: 'Lists', description: 'A blocklist drops what comes in, so inbound is the one to take.' }),
  }),
  feeds: ({ lists }) =>
    [...new Set(lists)].map((list) => ({
      key: list,
      url: `https://raw.githubusercontent.com/bitwire-it/ipblocklist/main/${list}.txt`,
    })),
  parse: (body) => addressLines(body),
});
