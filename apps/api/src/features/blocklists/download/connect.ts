import { type ClientRequest, request as requestHttp, type RequestOptions } from 'node:http';
import { request as requestHttps } from 'node:https';
import { isIP, type LookupFunction, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { DownloadProblem } from './download-problem.ts';

/** A host with the addresses that were checked: the connection goes to one of these and to nothing else. */
export interface Pinned {
  readonly url: URL;
  readonly addresses: readonly string[];
}

/** What a request needs beside its address. */
export interface ConnectOptions {
  readonly headers: Readonly<Record<string, string>>;
  readonly signal: AbortSignal;
  readonly ca: readonly string[] | undefined;
}

/** Answers the one question of a connection with the addresses that were checked before; DNS is not asked again. */
function pinnedLookup(addresses: readonly string[]): LookupFunction {
  return (_host, options, callback) => {
    const found = addresses.map((address) => ({ address, family: isIP(address) }));
    if (options.all) {
      callback(null, found);
      return;
    }
    const [first] = found;
    if (first) callback(null, first.address, first.family);
    else callback(new Error('no address'), '', 4);
  };
}

/** A GET that is ready to be sent, straight to a checked address. */
export function directRequest({ url, addresses }: Pinned, { headers, signal, ca }: ConnectOptions): ClientRequest {
  const options: RequestOptions = { method: 'GET', headers, agent: false, lookup: pinnedLookup(addresses) };
  if (url.protocol === 'http:') return endedBy(signal, requestHttp(url, options));
  return endedBy(signal, requestHttps(url, { ...options, ...(ca && { ca: [...ca] }) }));
}

/** The same through a proxy, which resolves the name itself. */
export async function proxiedRequest(
  url: URL,
  proxy: URL,
  { headers, signal, ca }: ConnectOptions,
  connectMs: number,
): Promise<ClientRequest> {
  const target = `${url.hostname}:${url.port === '' ? '443' : url.port}`;
  const socket = await tunnel(proxy, target, signal, connectMs);
  const servername = isIP(url.hostname.replaceAll(/[[\]]/g, '')) === 0 ? url.hostname : '';
  const secured = connectTls({ socket, servername, ...(ca && { ca: [...ca] }) });
  // No agent at all: one of its own would make a connection of its own, past the proxy.
  return endedBy(signal, requestHttps(url, { method: 'GET', headers, createConnection: () => secured }));
}

/**
 * Ends a request and its response when the signal says so. Node's own option makes two errors with their stacks for each request that nobody
 * ends, which is a tenth of the time of asking for news.
 */
function endedBy(signal: AbortSignal, request: ClientRequest): ClientRequest {
  const end = (): void => void request.destroy(new Error('it was given up'));
  if (signal.aborted) end();
  signal.addEventListener('abort', end, { once: true });
  return request.once('close', () => signal.removeEventListener('abort', end));
}

function tunnel(proxy: URL, target: string, signal: AbortSignal, connectMs: number): Promise<Socket> {
  const { promise, resolve, reject } = Promise.withResolvers<Socket>();
  const user = `${decodeURIComponent(proxy.username)}:${decodeURIComponent(proxy.password)}`;
  const request = requestHttp({
    host: proxy.hostname,
    port: proxy.port === '' ? 80 : Number(proxy.port),
    method: 'CONNECT',
    path: target,
    agent: false,
    signal,
    timeout: connectMs,
    headers: {
      Host: target,
      ...(proxy.username !== '' && { 'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}` }),
    },
  });
  request.once('connect', ({ statusCode = 0 }, socket: Socket) => {
    if (statusCode === 200) {
      resolve(socket);
      return;
    }
    socket.destroy();
    reject(
      new DownloadProblem('unreachable', `The proxy answered ${statusCode} instead of opening a way to ${target}.`),
    );
  });
  request.once('timeout', () => request.destroy(new Error('the proxy does not answer')));
  request.once('error', reject);
  request.end();
  return promise;
}
