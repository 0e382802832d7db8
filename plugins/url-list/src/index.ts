import { addressBatches, addressLines, csvColumn, defineSource, type EntryBatch, type Feed } from '@bangui/plugin-sdk';
import { type ListConfig, ListConfigSchema } from './list-config.ts';
import { jsonAddresses } from './json-addresses.ts';

export default defineSource({
  metadata: {
    id: 'url-list',
    name: 'List at a URL',
    description:
      'Any list of addresses and networks on the web: plain lines, netset, hosts file, a CSV column or a JSON path.',
    homepage: 'https://www.rfc-editor.org/rfc/rfc4632',
    licence: 'Whatever the publisher of the list says',
    hosts: 'from-config',
    schemes: ['https', 'http'],
    minIntervalMinutes: 15,
    staleAfterHours: 7 * 24,
    limits: { maxBytes: 256 * 1024 * 1024, maxEntries: 5_000_000 },
  },
  config: ListConfigSchema,
  feeds: (config): readonly Feed[] => {
    const { format, url, headerName, headerValue } = config;
    if (headerValue === undefined || headerValue === '') return [{ key: format, url }];
    return [{ key: format, url, headers: { [headerName]: headerValue } }];
  },
  parse: (body, _feed, config) => read(body, config),
});

function read(body: AsyncIterable<Uint8Array>, config: ListConfig): AsyncIterable<EntryBatch> {
  switch (config.format) {
    case 'lines':
      return addressLines(body);
    case 'netset':
      return addressLines(body, { comments: '#' });
    case 'hosts':
      return addressLines(body, { comments: '#', after: 'anything' });
    case 'csv':
      return addressBatches(csvColumn(body, csvOptions(config)));
    case 'json':
      return addressBatches(jsonAddresses(body, config.jsonPath));
  }
}

function csvOptions({ csvColumn: column, csvSeparator, csvHasHeader }: ListConfig) {
  const place = /^\d+$/.test(column) ? Number(column) : column;
  const hasHeader = typeof place === 'string' || csvHasHeader;
  return { column: place, separator: csvSeparator === 'tab' ? '\t' : csvSeparator, hasHeader } as const;
}
