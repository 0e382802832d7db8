import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

const ListName = z.enum([
  'level1',
  'level2',
  'level3',
  'level4',
  'anonymous',
  'webclient',
  'webserver',
  'abusers-1d',
  'abusers-30d',
  'proxies',
]);
const FILES = 'https://raw.githubusercontent.com/firehol/blocklist-ipsets/master';

export default defineSource({
  metadata: {
    id: 'firehol',
    name: 'FireHOL IP lists',
    description:
      'Lists merged from many others: level 1 is meant to be safe everywhere, level 4 has the most false positives; also anonymising services and threats to browsers.',
    homepage: 'https://iplists.firehol.org/',
    licence: 'Those of the lists it is merged from; each is named in the head of the file',
    hosts: ['raw.githubusercontent.com'],
    minIntervalMinutes: 60,
    staleAfterHours: 72,
    limits: { maxBytes: 128 * 1024 * 1024, maxEntries: 3_000_000 },
  },
  config: z.object({
    lists: z.array(ListName).min(1).max(ListName.options.length).default(['level1']).meta({
      title: 'Lists',
      description: 'Begin with level1; every further level blocks more, and more that is innocent.',
    }),
  }),
  feeds: ({ lists }) =>
    [...new Set(lists)].map((list) => ({ key: list, url: `${FILES}/firehol_${list.replace('-', '_')}.netset` })),
  parse: (body) => addressLines(body, { comments: '#' }),
});
