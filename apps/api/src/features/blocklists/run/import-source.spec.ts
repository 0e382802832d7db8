import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { gzipSync } from 'node:zlib';
import { AddressSet, Network } from '@bangui/ip';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HostedSource, openSource } from '../../plugins/hosting/index.ts';
import { AddressPolicy } from '../download/address-policy.ts';
import { Downloader, type DownloaderOptions } from '../download/downloader.ts';
import { type ImportJob, type ImportResult } from './import-job.ts';
import { SourceImport } from './import-source.ts';

const inTree = new URL('../../../../../../plugins/url-list/src/index.ts', import.meta.url);
const location = { id: 'url-list', trust: 'in-tree', directory: '', entry: inTree.pathname } as const;
const maxBytes = 4 * 1024 * 1024;
/** Longer than a busy machine keeps a publisher waiting who answers at once. */
const patientTimes = { connectMs: 60_000, idleMs: 60_000, totalMs: 60_000 };

type Answering = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let port: number;
let answering: Answering = (_, response) => response.end();
let source: HostedSource;

beforeAll(async () => {
  server = createServer((request, response) => answering(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  ({ port } = server.address() as { port: number });
  const { metadata, configSchema } = await openSource(location);
  const limits = { maxBytes, maxEntries: 100_000 };
  source = await openSource({ ...location, description: { metadata: { ...metadata, limits }, configSchema } });
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const set = (...networks: string[]) =>
  AddressSet.of(networks.map((text) => Network.parse(text)).filter((network) => network !== undefined));

/** Imports from a host whose name only this resolver knows. */
function importFrom(
  change: Partial<ImportJob> = {},
  options: Partial<DownloaderOptions> = {},
  host = 'lists.example.org',
): Promise<ImportResult> {
  const job: ImportJob = {
    location,
    config: { url: `http://${host}:${port}/list` },
    secrets: {},
    validators: {},
    hashes: {},
    own: AddressSet.empty.encode(),
    maxChangePercent: 50,
    ...change,
  };
  const downloader = new Downloader({
    resolve: () => Promise.resolve(['127.0.0.1']),
    policy: new AddressPolicy(['127.0.0.0/8']),
    userAgent: 'test',
    times: patientTimes,
    ...options,
  });
  const importHost = { stored: () => Promise.resolve(undefined), progress: () => undefined };
  return new SourceImport(source, job, downloader, importHost, new AbortController().signal).run();
}

const text =
  (body: string | Buffer, headers: Record<string, string> = {}): Answering =>
  (_, response) => {
    response.writeHead(200, headers).end(body);
  };

/** Writes the same piece until nobody reads any more. */
const endless =
  (piece: Buffer): Answering =>
  (_, response) => {
    const write = (): void => {
      while (!response.destroyed && response.write(piece));
      if (!response.destroyed) response.once('drain', write);
    };
    write();
  };

describe('an import from a publisher', () => {
  it('reads a packed list', async () => {
    answering = text(gzipSync('23.1.0.1\n23.1.0.2\n'), { 'Content-Encoding': 'gzip', ETag: '"a"' });
    expect(await importFrom()).toMatchObject({
      kind: 'changed',
      validators: { lines: { etag: '"a"', lastModified: null } },
      funnel: { ranges: 1, addresses4: 2, unpackedBytes: 18 },
      suspicion: undefined,
    });
  });

  it.each<[string, Answering, string]>([
    ['an endless body', endless(Buffer.from('23.1.0.1\n'.repeat(8_192))), 'too-large'],
    [
      'a body of 10 GB by its length',
      (_, response) => response.writeHead(200, { 'Content-Length': 10 ** 10 }).write('23.1.0.1\n'),
      'too-large',
    ],
    [
      'a small body that unpacks to a huge one',
      text(gzipSync(Buffer.alloc(64 * 1024 * 1024, '23.1.0.1\n')), { 'Content-Encoding': 'gzip' }),
      'too-large',
    ],
    [
      'more entries than the source may have',
      text(
        Array.from({ length: 120_000 }, (_, index) => `23.${index >> 16}.${(index >> 8) & 255}.${index & 255}`).join(
          '\n',
        ),
      ),
      'too-large',
    ],
    ['a page for people', text('<!DOCTYPE html><html><body>Are you a robot?</body></html>'), 'malformed'],
    ['UTF-16', text(Buffer.from('\ufeff23.1.0.1\n23.1.0.2\n', 'utf16le')), 'malformed'],
    ['something that is not packed as it says', text('23.1.0.1\n', { 'Content-Encoding': 'gzip' }), 'malformed'],
    ['an unknown packing', text('x', { 'Content-Encoding': 'zstd' }), 'malformed'],
    [
      'a body that is cut short',
      (_, response) => {
        response.writeHead(200, { 'Content-Length': 100 }).write('23.1.0.1\n', () => response.destroy());
      },
      'unreachable',
    ],
    [
      'a packed body that is cut short',
      text(gzipSync('23.1.0.1\n'.repeat(1_000)).subarray(0, 40), { 'Content-Encoding': 'gzip' }),
      'unreachable',
    ],
    ['a wrong key', (_, response) => response.writeHead(403).end(), 'unauthorized'],
    ['too many requests', (_, response) => response.writeHead(429, { 'Retry-After': '120' }).end(), 'rate-limited'],
    ['a mistake of its own', (_, response) => response.writeHead(500).end(), 'unreachable'],
    ['redirects without end', (_, response) => response.writeHead(302, { Location: '/list' }).end(), 'refused'],
    [
      'a redirect to this machine',
      (_, response) => response.writeHead(302, { Location: `http://[::1]:${port}/` }).end(),
      'refused',
    ],
    [
      'a redirect to a metadata service',
      (_, response) => response.writeHead(302, { Location: 'http://169.254.169.254/latest' }).end(),
      'refused',
    ],
    [
      'a redirect to a file',
      (_, response) => response.writeHead(302, { Location: 'file:///etc/passwd' }).end(),
      'refused',
    ],
  ])('that sends %s ends in a clear state', async (_what, sends, code) => {
    answering = sends;
    expect(await importFrom()).toMatchObject({ kind: 'failed', code });
  });

  it('that falls silent ends after the time without a byte', async () => {
    answering = (_, response) => response.writeHead(200).write('23.1.0.1\n');
    expect(await importFrom({}, { times: { ...patientTimes, idleMs: 500 } })).toMatchObject({
      kind: 'failed',
      code: 'unreachable',
      message: 'The download broke off: the publisher fell silent.',
    });
  });

  it('that drips ends after the time for all of it', async () => {
    answering = (_, response) => {
      const drip = setInterval(() => response.write('23.1.0.1\n'), 100);
      response.once('close', () => clearInterval(drip));
    };
    expect(await importFrom({}, { times: { ...patientTimes, totalMs: 900 } })).toMatchObject({
      kind: 'failed',
      code: 'unreachable',
      message: expect.stringContaining('longer than 0.9 seconds') as string,
    });
  });

  it('says how long it wants to be left alone', async () => {
    answering = (_, response) => response.writeHead(429, { 'Retry-After': '120' }).end();
    expect(await importFrom()).toMatchObject({ retryAfterMs: 120_000 });
  });

  it.each([
    ['private', ['10.0.0.1']],
    ['public and private', ['192.88.99.1', '127.0.0.1', '169.254.169.254']],
    ['a metadata service in IPv6', ['fd00:ec2::254']],
    ['IPv4 in IPv6', ['::ffff:10.0.0.1']],
    ['translated', ['64:ff9b::7f00:1']],
    ['nothing', []],
  ])('whose name stands for %s addresses is not asked', async (_what, addresses) => {
    let isAsked = false;
    answering = () => (isAsked = true);
    const result = await importFrom({}, { resolve: () => Promise.resolve(addresses) });
    expect(result).toMatchObject({ kind: 'failed', code: addresses.length > 0 ? 'refused' : 'unreachable' });
    expect(isAsked).toBe(false);
  });

  it('whose name stands for another address when it is asked again gets the connection of the first one', async () => {
    answering = text('23.1.0.1\n');
    const answers = [['127.0.0.1'], ['169.254.169.254']];
    let asked = 0;
    const resolve = () => Promise.resolve(answers[asked++] ?? []);
    expect(await importFrom({}, { resolve })).toMatchObject({ kind: 'changed' });
    expect(asked).toBe(1);
  });

  it('never sends a key on to another host', async () => {
    const keys: unknown[] = [];
    answering = ({ headers, url }, response) => {
      keys.push([url, headers['x-key']]);
      if (url === '/list') response.writeHead(302, { Location: `http://other.example.org:${port}/there` }).end();
      else response.end('23.1.0.1\n');
    };
    const config = {
      url: `http://lists.example.org:${port}/list`,
      headerName: 'X-Key',
      headerValue: '{{secret:headerValue}}',
    };
    await importFrom({ config, secrets: { headerValue: 'hunter2' } });
    expect(keys).toEqual([
      ['/list', 'hunter2'],
      ['/there', undefined],
    ]);
  });

  it('leaves out and counts what no list may hold', async () => {
    answering = text('0.0.0.0/0\n::/0\n23.1.0.0/24\n10.1.2.3\n192.0.2.0/24\nfe80::1\nbroken\n2a00::1\n');
    const result = await importFrom({ own: set('23.1.0.9', '2a00::1').encode() });
    expect(result).toMatchObject({
      kind: 'changed',
      funnel: {
        entries: 7,
        invalid: 1,
        tooBroad: 2,
        own: { ranges: 2, addresses: 2 },
        special: { private: { ranges: 1 }, documentation: { addresses: 256 }, 'link-local': { ranges: 1 } },
        addresses4: 255,
        addresses6: 0,
      },
    });
  });

  it('holds a list of nothing but what no list may hold', async () => {
    answering = text('0.0.0.0/0\n127.0.0.1\n');
    expect(await importFrom()).toMatchObject({ kind: 'changed', suspicion: 'It holds no address at all.' });
  });
});
