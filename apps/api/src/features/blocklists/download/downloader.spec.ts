import { createServer as createHttpServer, type Server } from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import { type AddressInfo, connect } from 'node:net';
import { type SourceMetadata } from '@bangui/plugin-sdk';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { selfSigned } from '../../../../test/test-certificate.ts';
import { AddressPolicy } from './address-policy.ts';
import { DownloadProblem } from './download-problem.ts';
import { Downloader, type DownloaderOptions } from './downloader.ts';

const host = 'lists.example.org';
const ours = selfSigned(host);
const metadata: SourceMetadata = {
  id: 'test',
  name: 'Test',
  description: 'A list of a test.',
  homepage: 'https://lists.example.org/',
  licence: 'CC0-1.0',
  hosts: [host, 'other.example.org', '127.0.0.1'],
  minIntervalMinutes: 60,
  staleAfterHours: 48,
  limits: { maxBytes: 10_000, maxEntries: 100 },
};

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

describe('a list over https', () => {
  const publisher = createHttpsServer(ours, (request, response) =>
    response.end(`23.1.0.1 for ${request.headers.host}\n`),
  );
  /** Ways that the proxy was asked for, and with which key. */
  const asked: { readonly to: string | undefined; readonly key: string | undefined }[] = [];
  let proxyStatus = 200;
  const proxy = createHttpServer().on('connect', (request, socket) => {
    asked.push({ to: request.url, key: request.headers['proxy-authorization'] });
    if (proxyStatus !== 200) return void socket.end(`HTTP/1.1 ${proxyStatus} No\r\n\r\n`);
    const way = connect(port, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      way.pipe(socket).pipe(way);
    });
    for (const end of [way, socket]) end.on('error', () => undefined);
  });
  let port = 0;
  let proxyPort = 0;
  beforeAll(async () => {
    port = await portOf(publisher);
    proxyPort = await portOf(proxy);
  });
  beforeEach(() => {
    asked.length = 0;
    proxyStatus = 200;
  });
  afterAll(() => {
    for (const server of [publisher, proxy]) {
      server.closeAllConnections();
      server.close();
    }
  });

  async function download(options: Partial<DownloaderOptions>, name = host): Promise<string> {
    const downloader = new Downloader({
      resolve: () => Promise.resolve(['127.0.0.1']),
      policy: new AddressPolicy(['127.0.0.0/8']),
      userAgent: 'test',
      times: { connectMs: 5_000, idleMs: 5_000, totalMs: 10_000 },
      ...options,
    });
    const request = { url: `https://${name}:${port}/list`, headers: {}, validators: undefined, metadata };
    const response = await downloader.download(request, AbortSignal.timeout(10_000));
    if (response.status !== 'changed') throw new Error('it was never downloaded before');
    let text = '';
    for await (const piece of response.body) text += Buffer.from(piece).toString();
    return text;
  }
  const problem = (failing: Promise<string>): Promise<unknown> =>
    failing.catch((error: unknown) => (error instanceof DownloadProblem ? `${error.code}: ${error.message}` : error));
  const viaProxy = (user = ''): Partial<DownloaderOptions> => ({
    ca: [ours.cert],
    proxy: `http://${user}127.0.0.1:${proxyPort}`,
    resolve: () => Promise.reject(new Error('the proxy knows the names')),
  });

  it('is read when the operator trusts its authority, under the name that was asked for', async () => {
    expect(await download({ ca: [ours.cert] })).toBe(`23.1.0.1 for ${host}:${port}\n`);
  });

  it('is refused without that, and when the certificate is for another host', async () => {
    expect(await problem(download({}))).toMatch(/^unreachable: .*self-signed/);
    expect(await problem(download({ ca: [selfSigned(host).cert] }))).toMatch(/^unreachable: /);
    expect(await problem(download({ ca: [ours.cert] }, 'other.example.org'))).toMatch(/^unreachable: .*altnames/);
  });

  it('comes through a proxy, which finds the host by its name and sees nothing of the request', async () => {
    expect(await download(viaProxy('me:a%20key@'))).toBe(`23.1.0.1 for ${host}:${port}\n`);
    const key = `Basic ${Buffer.from('me:a key').toString('base64')}`;
    expect(asked).toEqual([{ to: `${host}:${port}`, key }]);
  });

  it('is trusted no further because of a proxy', async () => {
    const { proxy: way, resolve } = viaProxy();
    expect(await problem(download({ proxy: way, ...(resolve && { resolve }) }))).toMatch(/^unreachable: .*self-signed/);
    const policy = new AddressPolicy([]);
    expect(await problem(download({ ...viaProxy(), policy }, '127.0.0.1'))).toMatch(
      /^refused: 127\.0\.0\.1 is a loopback/,
    );
    expect(asked.map(({ to }) => to)).toEqual([`${host}:${port}`]);
  });

  it('says what a proxy answered, and that it is not there', async () => {
    proxyStatus = 407;
    expect(await problem(download(viaProxy()))).toBe(
      `unreachable: The proxy answered 407 instead of opening a way to ${host}:${port}.`,
    );
    const gone = createHttpServer();
    const closedPort = await portOf(gone);
    await new Promise((resolve) => gone.close(resolve));
    expect(await problem(download({ ...viaProxy(), proxy: `http://127.0.0.1:${closedPort}` }))).toMatch(
      /^unreachable: .*ECONNREFUSED/,
    );
  });
});
