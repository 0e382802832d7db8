import { defineSource, jsonLines, MalformedFeed, type SourceDefinition, z } from '@bangui/plugin-sdk';
import type { SourceTest } from '../source-test.ts';

const Row = z.object({ ip: z.string(), why: z.string() });

const Config = z.object({
  kind: z.enum(['all', 'ssh']).default('all').meta({ title: 'Kind' }),
  key: z.string().optional().meta({ title: 'Key', writeOnly: true }),
});

/** Settings of the good source. */
export type GoodConfig = z.infer<typeof Config>;

/** A source that holds its contract; tests change one thing of it at a time. */
export const goodDefinition: SourceDefinition<GoodConfig> = {
  metadata: {
    id: 'good',
    name: 'Good',
    description: 'Holds its contract.',
    homepage: 'https://lists.example.org/',
    licence: 'CC0',
    hosts: ['lists.example.org'],
    minIntervalMinutes: 60,
    staleAfterHours: 24,
    limits: { maxBytes: 16 * 1024 * 1024, maxEntries: 1_000_000 },
  },
  config: Config,
  feeds: ({ key }) => [
    {
      key: 'all',
      url: 'https://lists.example.org/all.jsonl',
      ...(key === undefined ? {} : { headers: { 'X-Api-Key': key } }),
    },
  ],
  async *parse(body) {
    for await (const value of jsonLines(body)) {
      const row = Row.safeParse(value);
      if (!row.success) throw new MalformedFeed('A line has no address.');
      yield { address: row.data.ip, reason: row.data.why };
    }
  },
};

/** What its author says about it. */
export const goodTest: SourceTest = {
  packageJson: new URL('good/package.json', import.meta.url),
  validConfigs: [{}, { kind: 'ssh', key: 'secret' }],
  invalidConfigs: [{ kind: 'none' }],
  fixtures: { all: new URL('good/fixtures/list.jsonl', import.meta.url) },
  entries: [
    { address: '192.0.2.1', reason: 'ssh' },
    { address: '198.51.100.0/24', reason: 'mail' },
    { address: '2001:db8::1', reason: 'web' },
  ],
};

/** The good source with something changed. */
export function changedSource(changes: Partial<SourceDefinition<GoodConfig>>) {
  return defineSource<GoodConfig>({ ...goodDefinition, ...changes });
}
