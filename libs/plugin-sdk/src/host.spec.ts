import { describe, expect, it } from 'vitest';
import {
  configProblems,
  feedProblems,
  fillSecretsOfFeed,
  isAllowedUrl,
  readConfig,
  readManifest,
  secretFields,
  sourceProblems,
  withPlaceholders,
} from './host.ts';
import { defineSource, type SourceMetadata, z } from './index.ts';

const metadata: SourceMetadata = {
  id: 'example',
  name: 'Example',
  description: 'An example.',
  homepage: 'https://example.org/',
  licence: 'MIT',
  hosts: ['lists.example.org'],
  minIntervalMinutes: 60,
  staleAfterHours: 24,
  limits: { maxBytes: 1000, maxEntries: 10 },
};

const define = (changes: Partial<SourceMetadata> = {}) =>
  defineSource({
    metadata: { ...metadata, ...changes },
    config: z.object({ key: z.string().optional().meta({ title: 'Key', writeOnly: true }) }),
    feeds: () => [],
    async *parse() {
      // Nothing to read.
    },
  });

describe('defineSource', () => {
  it('stamps the version of the contract and cannot be changed afterwards', () => {
    const source = define();
    expect(source.api).toBe(1);
    expect(Object.isFrozen(source)).toBe(true);
    expect(sourceProblems(source)).toEqual([]);
  });

  it.each([
    ['an id with capitals', { id: 'Example' }],
    ['a homepage without https', { homepage: 'http://example.org/' }],
    ['an empty list of hosts', { hosts: [] }],
    ['an address as host', { hosts: ['127.0.0.1'] }],
    ['a host with a port', { hosts: ['example.org:443'] }],
    ['a wildcard host', { hosts: ['*.example.org'] }],
    ['an interval of zero', { minIntervalMinutes: 0 }],
    ['limits beyond those of the host', { limits: { maxBytes: 2 ** 40, maxEntries: 10 } }],
    ['no name', { name: ' ' }],
    ['no scheme', { schemes: [] }],
  ])('refuses %s', (_name, changes) => {
    expect(() => define(changes)).toThrow(TypeError);
  });

  it('refuses what is no source at all', () => {
    for (const value of [null, undefined, 1, {}, { ...define(), api: 2 }, { ...define(), config: {} }]) {
      expect(sourceProblems(value)).not.toEqual([]);
    }
  });
});

describe('feeds', () => {
  const feed = { key: 'all', url: 'https://lists.example.org/all.txt' };

  it('accepts what was declared', () => {
    expect(feedProblems(metadata, [feed, { ...feed, key: 'v6', headers: { 'X-Api-Key': '{{secret:key}}' } }])).toEqual(
      [],
    );
    expect(
      feedProblems({ ...metadata, hosts: [], schemes: ['file'] }, [{ key: 'file', url: 'file:///a/b.txt' }]),
    ).toEqual([]);
  });

  it.each([
    ['another host', { url: 'https://evil.example.org/' }],
    ['plain http', { url: 'http://lists.example.org/' }],
    ['a file', { url: 'file:///etc/passwd' }],
    ['a password in the address', { url: 'https://a:b@lists.example.org/' }],
    ['a secret in the address', { url: 'https://lists.example.org/?key={{secret:key}}' }],
    ['an escaped secret in the address', { url: 'https://lists.example.org/?key=%7B%7Bsecret:key%7d%7d&x=%' }],
    ['no address', { url: 'all.txt' }],
    ['a key with spaces', { key: 'a b' }],
    ['a header that smuggles another', { headers: { 'X-A': 'a\r\nHost: evil' } }],
    ['a header of the host', { headers: { Host: 'evil' } }],
    ['a user with a colon', { basicAuth: { user: 'a:b', password: '' } }],
  ])('refuses %s', (_name, changes) => {
    expect(feedProblems(metadata, [{ ...feed, ...changes }])).toHaveLength(1);
  });

  it('refuses none, too many, the same key twice, and what is no list', () => {
    for (const feeds of [[], Array(101).fill(feed), [feed, feed], 'feeds', [1]]) {
      expect(feedProblems(metadata, feeds)).not.toEqual([]);
    }
  });

  it('judges redirects by the same rules', () => {
    expect(isAllowedUrl(metadata, 'https://lists.example.org/other')).toBe(true);
    expect(isAllowedUrl(metadata, 'https://169.254.169.254/')).toBe(false);
  });
});

describe('secrets', () => {
  it('are placeholders for the source and real only in what is sent', () => {
    const source = define();
    expect(secretFields(source.config)).toEqual(['key']);
    const config = withPlaceholders({ key: 's3cret', other: 1 }, ['key', 'unset']);
    expect(config).toEqual({ key: '{{secret:key}}', other: 1 });
    const feed = {
      key: 'all',
      url: 'https://lists.example.org/',
      headers: { Authorization: `Bearer ${config.key}`, 'X-Other': '{{secret:other}}' },
    };
    expect(fillSecretsOfFeed(feed, { key: 's$&cret' }).headers).toEqual({
      Authorization: 'Bearer s$&cret',
      'X-Other': '{{secret:other}}',
    });
  });

  it('become HTTP Basic authentication', () => {
    const feed = { key: 'a', url: 'https://x.example.org/', basicAuth: { user: 'me', password: '{{secret:key}}' } };
    expect(fillSecretsOfFeed(feed, { key: 'pässword' }).headers).toEqual({
      Authorization: `Basic ${Buffer.from('me:pässword').toString('base64')}`,
    });
  });
});

describe('config', () => {
  it('says what is wrong and where', async () => {
    const schema = z.object({ lists: z.array(z.object({ id: z.number({ error: 'no number' }) })) });
    const { issues = [] } = await readConfig(schema, { lists: [{ id: 'x' }] });
    expect(configProblems(issues)).toEqual(['lists.0.id: no number']);
  });
});

describe('manifest', () => {
  const packageJson = {
    name: '@acme/bangui-source-greylist',
    version: '1.2.3',
    type: 'module',
    exports: { '.': { types: './dist/index.d.ts', default: './dist/index.js' } },
    bangui: { kind: 'source', api: 1, id: 'greylist', hosts: ['lists.example.org'] },
  };

  it('is read from package.json', () => {
    expect(readManifest(packageJson)).toEqual({
      manifest: {
        packageName: '@acme/bangui-source-greylist',
        version: '1.2.3',
        id: 'greylist',
        hosts: ['lists.example.org'],
        entry: './dist/index.js',
      },
    });
    expect(readManifest({ ...packageJson, exports: './dist/index.js' }).problems).toBeUndefined();
  });

  it.each([
    ['another kind', { bangui: { ...packageJson.bangui, kind: 'theme' } }],
    ['another version of the contract', { bangui: { ...packageJson.bangui, api: 2 } }],
    ['a wrong id', { bangui: { ...packageJson.bangui, id: '../x' } }],
    ['a wrong host', { bangui: { ...packageJson.bangui, hosts: ['localhost'] } }],
    ['no part of ours', { bangui: undefined }],
    ['an entry outside the package', { exports: '../index.js' }],
    ['an entry that hides the way out', { exports: './a/../../index.js' }],
    ['CommonJS', { type: 'commonjs' }],
    ['no name', { name: '../x' }],
  ])('refuses %s', (_name, changes) => {
    expect(readManifest({ ...packageJson, ...changes }).problems).toHaveLength(1);
  });

  it('refuses what is no object', () => {
    for (const value of [null, [], 'text', 1]) expect(readManifest(value).problems).toHaveLength(1);
  });
});
