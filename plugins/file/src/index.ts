import { addressLines, defineSource, z } from '@bangui/plugin-sdk';

/** No part may be `..` or begin with a dot, and none may be empty; the host checks the real path once more. */
const RELATIVE_PATH = /^(?!\.)[^/\\\0]+(?:\/(?!\.)[^/\\\0]+)*$/;

export default defineSource({
  metadata: {
    id: 'file',
    name: 'List in a file',
    description:
      'Addresses in a text file below the folder that the operator allows, for lists that another program writes.',
    homepage: 'https://www.rfc-editor.org/rfc/rfc4632',
    licence: 'Yours',
    hosts: [],
    schemes: ['file'],
    minIntervalMinutes: 1,
    staleAfterHours: 366 * 24,
    limits: { maxBytes: 256 * 1024 * 1024, maxEntries: 5_000_000 },
  },
  config: z.strictObject({
    path: z.string().max(500).regex(RELATIVE_PATH, 'Write a path below the allowed folder, without . and ..').meta({
      title: 'Path',
      description: 'Below the folder of BANGUI_SOURCES_FILE_DIR, for example lists/own.txt.',
    }),
    format: z.enum(['lines', 'hosts']).default('lines').meta({
      title: 'Format',
      description: 'lines: one address, network or range per line; hosts: the address first, then anything.',
    }),
  }),
  feeds: ({ path, format }) => [{ key: format, url: `file:///${path.split('/').map(encodeURIComponent).join('/')}` }],
  parse: (body, _feed, { format }) =>
    addressLines(body, format === 'hosts' ? { comments: '#', after: 'anything' } : {}),
});
