import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

const List = z.enum([
  'all',
  'ssh',
  'mail',
  'apache',
  'imap',
  'ftp',
  'sip',
  'bots',
  'strongips',
  'ircbot',
  'bruteforcelogin',
]);

export default defineSource({
  metadata: {
    id: 'blocklist-de',
    name: 'blocklist.de',
    description:
      'Addresses that servers with fail2ban reported as attackers within the last 48 hours, by the service they attacked.',
    homepage: 'https://www.blocklist.de/en/export.html',
    licence: 'Free to use; no licence is stated',
    hosts: ['lists.blocklist.de'],
    minIntervalMinutes: 60,
    staleAfterHours: 24,
    limits: { maxBytes: 32 * 1024 * 1024, maxEntries: 500_000 },
  },
  config: z.object({
    lists: z.array(List).min(1).max(List.options.length).default(['all']).meta({
      title: 'Lists',
      description: 'all holds every other list; strongips are the most persistent attackers.',
    }),
  }),
  feeds: ({ lists }) =>
    [...new Set(lists)].map((list) => ({ key: list, url: `https://lists.blocklist.de/lists/${list}.txt` })),
  parse: (body) => addressLines(body),
});
