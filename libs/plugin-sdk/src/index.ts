export { addressBatches, addressLines, type AddressLineOptions } from './address-lines.ts';
export type { ConfigIssue, ConfigResult, ConfigSchema } from './config-schema.ts';
export { csvColumn, csvRows, type CsvColumnOptions, type CsvOptions } from './csv.ts';
export { json, jsonLines, type JsonLinesOptions, type JsonOptions } from './json.ts';
export { jsonItems, type JsonItemsOptions } from './json-items.ts';
export { lines, type LineOptions } from './lines.ts';
export { MalformedFeed } from './malformed-feed.ts';
export {
  defineSource,
  type BasicAuth,
  type BlocklistSource,
  type Entry,
  type EntryBatch,
  type Feed,
  type Scheme,
  type SourceDefinition,
  type SourceLimits,
  type SourceMetadata,
} from './source.ts';
export { z } from 'zod';
