import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

const ListName = z.enum(['block', 'compromised']);
const PATHS = { block: 'fwrules/emerging-Block-IPs.txt', compromised: 'blockrules/compromised-ips.txt' } as const;

export default defineSource({
  metadata: {
    id: 'emerging-threats',
    name: 'Emerging Threats',
    description:
      'Networks to drop at the firewall, merged by Proofpoint from Spamhaus, DShield and abuse.ch, and hosts known to be compromised.',
    homepage: 'https://rules.emergingthreats.net/',
    licence: 'BSD for the open rules; none is stated in the lists',
    hosts: ['rules.emergingthreats.net'],
    minIntervalMinutes: 12 * 60,
    staleAfterHours: 7 * 24,
    limits: { maxBytes: 16 * 1024 * 1024, maxEntries: 500_000 },
  },
  config: z.object({
    lists: z
      .array(ListName)
      .min(1)
      .max(ListName.options.length)
      .default(['block', 'compromised'])
      .meta({ title: 'Lists', description: 'block: networks for firewalls; compromised: single hosts.' }),
  }),
  feeds: ({ lists }) =>
    [...new Set(lists)].map((list) => ({ key: list, url: `https://rules.emergingthreats.net/${PATHS[list]}` })),
  parse: (body) => addressLines(body, { comments: '#' }),
});
