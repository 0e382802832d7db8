import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

export default defineSource({
  metadata: {
    id: 'crowdsec-list',
    name: 'CrowdSec blocklists',
    description:
      'The blocklists to which an integration (Raw IP List) of your CrowdSec Console is subscribed. Needs its credentials.',
    homepage: 'https://docs.crowdsec.net/u/integrations/rawiplist/',
    licence: 'Terms of CrowdSec and of your plan',
    hosts: ['admin.api.crowdsec.net'],
    minIntervalMinutes: 60,
    staleAfterHours: 48,
    limits: { maxBytes: 64 * 1024 * 1024, maxEntries: 1_000_000 },
  },
  config: z.object({
    integration: z
      .string()
      .regex(/^[A-Za-z0-9-]{1,64}$/)
      .meta({
        title: 'Integration',
        description: 'Its id: what stands between /integrations/ and /content in its address.',
      }),
    user: z
      .string()
      .regex(/^[^:\s]{1,200}$/)
      .meta({ title: 'User name', description: 'Shown once, when the integration is made.' }),
    password: z.string().min(1).max(200).meta({
      title: 'Password',
      description: 'Shown once, when the integration is made. Kept secret.',
      writeOnly: true,
    }),
  }),
  feeds: ({ integration, user, password }) => [
    {
      key: 'list',
      url: `https://admin.api.crowdsec.net/v1/integrations/${integration}/content`,
      basicAuth: { user, password },
    },
  ],
  parse: (body) => addressLines(body),
});
