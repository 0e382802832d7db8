import { defineSource, jsonItems, MalformedFeed, z } from '@bangui/plugin-sdk';

const Server = z.object({
  ip_address: z.string().max(64),
  port: z.int().optional(),
  status: z.string().optional(),
  last_online: z.string().nullish(),
  malware: z.string().max(100).optional(),
});

/** Days come without a time, others with one and without a zone; both are UTC. */
const DATE = /^(\d{4}-\d{2}-\d{2})(?:[ T](\d{2}:\d{2}:\d{2}))?/;

export default defineSource({
  metadata: {
    id: 'feodo-tracker',
    name: 'Feodo Tracker',
    description: 'Servers that command the botnets Dridex, Emotet, TrickBot, QakBot and others; often a short list.',
    homepage: 'https://feodotracker.abuse.ch/blocklist/',
    licence: 'CC0 1.0; terms of use of abuse.ch',
    hosts: ['feodotracker.abuse.ch'],
    minIntervalMinutes: 15,
    staleAfterHours: 30 * 24,
    limits: { maxBytes: 32 * 1024 * 1024, maxEntries: 100_000 },
  },
  config: z.object({
    isOnlineOnly: z.boolean().default(false).meta({
      title: 'Only servers that are online',
      description: 'Leaves out servers that the tracker saw go offline.',
    }),
  }),
  feeds: () => [{ key: 'c2', url: 'https://feodotracker.abuse.ch/downloads/ipblocklist.json' }],
  async *parse(body, _feed, { isOnlineOnly }) {
    for await (const item of jsonItems(body)) {
      const server = Server.safeParse(item);
      if (!server.success) throw new MalformedFeed('An item is no server.');
      const { ip_address: address, port, status, last_online: lastOnline, malware = 'botnet' } = server.data;
      if (isOnlineOnly && status !== 'online') continue;
      const lastSeenAt = dateOf(lastOnline);
      yield {
        address,
        reason: port === undefined ? malware : `${malware}, port ${port}`,
        ...(lastSeenAt && { lastSeenAt }),
      };
    }
  },
});

function dateOf(text: string | null | undefined): Date | undefined {
  const [, day, time = '00:00:00'] = DATE.exec(text ?? '') ?? [];
  if (day === undefined) return undefined;
  const date = new Date(`${day}T${time}Z`);
  return Number.isNaN(date.getTime()) ? undefined : date;
}
