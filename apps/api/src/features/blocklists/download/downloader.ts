import { type ClientRequest, type IncomingMessage } from 'node:http';
import { isIP } from 'node:net';
import { isAllowedUrl } from '@bangui/plugin-sdk/host';
import { grouped } from '../../../core/grouped.ts';
import { type AddressPolicy } from './address-policy.ts';
import { type ConnectOptions, directRequest, proxiedRequest } from './connect.ts';
import { DownloadProblem } from './download-problem.ts';
import { type FeedRequest, type FeedResponse, type FeedValidators } from './feed-request.ts';
import { readFileFeed } from './file-feed.ts';
import { type BodySize, readBody, tooLarge } from './read-body.ts';
import { retryAfterMs } from './retry-after.ts';

/** Redirects that are followed; each is checked like the first address. */
const maxRedirects = 5;
/** Longest validator that is kept. */
const maxValidatorLength = 256;

/** How long a publisher may take, in milliseconds. */
export interface DownloadTimes {
  /** Until the connection stands, TLS included. */
  readonly connectMs: number;
  /** Without a byte. */
  readonly idleMs: number;
  /** In all: a body that drips never falls silent. */
  readonly totalMs: number;
}

/** Times that suit a publisher on the other side of the world. */
export const defaultTimes: DownloadTimes = { connectMs: 10_000, idleMs: 30_000, totalMs: 300_000 };

/** What a downloader needs of the world around it. */
export interface DownloaderOptions {
  readonly resolve: (host: string) => Promise<readonly string[]>;
  readonly policy: AddressPolicy;
  readonly userAgent: string;
  readonly times?: DownloadTimes;
  readonly proxy?: string | undefined;
  /** Trusted certificates in place of the usual ones. */
  readonly ca?: readonly string[] | undefined;
  readonly fileFolder?: string | undefined;
}

/** Downloads feeds from publishers that are not trusted. */
export class Downloader {
  private readonly options: DownloaderOptions;
  private readonly times: DownloadTimes;

  constructor(options: DownloaderOptions) {
    this.options = options;
    this.times = options.times ?? defaultTimes;
  }

  /** @throws DownloadProblem */
  async download(request: FeedRequest, signal: AbortSignal): Promise<FeedResponse> {
    if (request.url.startsWith('file:')) {
      if (!isAllowedUrl(request.metadata, request.url)) throw undeclared(request.url);
      return readFileFeed(request, this.options.fileFolder);
    }
    const overall = AbortSignal.timeout(this.times.totalMs);
    const either = AbortSignal.any([signal, overall]);
    try {
      const { response, url } = await this.follow(request, either);
      return this.answer(request, response, url, either);
    } catch (error) {
      throw this.asProblem(error, signal, overall);
    }
  }

  private async follow(request: FeedRequest, signal: AbortSignal): Promise<{ response: IncomingMessage; url: URL }> {
    let url = new URL(request.url);
    let headers = this.headersOf(request);
    for (let redirects = 0; ; redirects += 1) {
      const response = await this.send(url, { headers, signal, ca: this.options.ca }, request);
      const { statusCode = 0 } = response;
      const { location } = response.headers;
      if (statusCode < 300 || statusCode === 304 || statusCode >= 400 || location === undefined)
        return { response, url };
      response.destroy();
      if (redirects === maxRedirects)
        throw new DownloadProblem('refused', `It redirects more than ${maxRedirects} times.`);
      const next = URL.parse(location, url.href);
      if (!next || next.protocol === 'file:')
        throw new DownloadProblem('refused', 'It redirects to no address of the web.');
      next.hash = '';
      // A key is for the host that it was given for.
      if (next.origin !== url.origin) headers = this.headersOf({ ...request, headers: {} });
      url = next;
    }
  }

  private headersOf({ headers, validators }: FeedRequest): Record<string, string> {
    return {
      'User-Agent': this.options.userAgent,
      Accept: '*/*',
      ...headers,
      'Accept-Encoding': 'gzip, br',
      ...(validators?.etag && { 'If-None-Match': validators.etag }),
      ...(validators?.lastModified && { 'If-Modified-Since': validators.lastModified }),
    };
  }

  private async send(url: URL, options: ConnectOptions, { metadata }: FeedRequest): Promise<IncomingMessage> {
    if (!isAllowedUrl(metadata, url.href)) throw undeclared(url.href);
    const { proxy } = this.options;
    const isProxied = proxy !== undefined && url.protocol === 'https:';
    const literal = url.hostname.replaceAll(/[[\]]/g, '');
    const isLiteral = isIP(literal) !== 0;
    if (isProxied) {
      if (isLiteral) this.refuseForbidden(literal, [literal]);
      const request = await proxiedRequest(url, new URL(proxy), options, this.times.connectMs);
      return this.responseTo(request);
    }
    // Asked once; the connection is made to what was checked here.
    const addresses = isLiteral ? [literal] : await this.resolve(url.hostname);
    this.refuseForbidden(url.hostname, addresses);
    return this.responseTo(directRequest({ url, addresses }, options));
  }

  private async resolve(host: string): Promise<readonly string[]> {
    try {
      const addresses = await this.options.resolve(host);
      if (addresses.length > 0) return addresses;
    } catch (error) {
      throw new DownloadProblem('unreachable', `The host ${host} has no address.`, { cause: error });
    }
    throw new DownloadProblem('unreachable', `The host ${host} has no address.`);
  }

  /** One forbidden address among others is enough: whoever mixes them waits for the other to be taken. */
  private refuseForbidden(host: string, addresses: readonly string[]): void {
    for (const address of addresses) {
      const refusal = this.options.policy.refusal(address);
      if (refusal === undefined) continue;
      const what = host === address ? address : `${host} is at ${address}, which`;
      throw new DownloadProblem('refused', `${what} ${refusal}.`);
    }
  }

  private responseTo(request: ClientRequest): Promise<IncomingMessage> {
    const { promise, resolve, reject } = Promise.withResolvers<IncomingMessage>();
    const connecting = setTimeout(
      () => request.destroy(new Error('the connection does not come about')),
      this.times.connectMs,
    );
    const done = (): void => clearTimeout(connecting);
    request.once('socket', (socket) => {
      socket.once('connect', () => {
        if (!('encrypted' in socket)) done();
      });
      socket.once('secureConnect', done);
    });
    // Where a body is read already, its reader is to hear of it: the request would only tell it that it was aborted.
    let waitedFor: { destroy(error: Error): unknown } = request;
    request.setTimeout(this.times.idleMs, () => waitedFor.destroy(new Error('the publisher fell silent')));
    request.once('response', (response) => {
      done();
      waitedFor = response;
      resolve(response);
    });
    request.once('error', (error) => {
      done();
      reject(error);
    });
    request.once('close', done);
    request.end();
    return promise;
  }

  private answer(request: FeedRequest, response: IncomingMessage, url: URL, signal: AbortSignal): FeedResponse {
    const { statusCode = 0, headers } = response;
    if (statusCode === 304 && request.validators) {
      response.destroy();
      return { status: 'unchanged' };
    }
    if (statusCode !== 200) {
      response.destroy();
      throw statusProblem(statusCode, url, retryAfterMs(headers['retry-after'], Date.now()));
    }
    const { maxBytes } = request.metadata.limits;
    if (Number(headers['content-length'] ?? 0) > maxBytes) {
      response.destroy();
      throw tooLarge(maxBytes);
    }
    const size: BodySize = { downloaded: 0, unpacked: 0 };
    const body = this.guarded(readBody(response, headers['content-encoding'], maxBytes, size), signal);
    const validators: FeedValidators = {
      etag: kept(headers.etag),
      lastModified: kept(headers['last-modified']),
    };
    return { status: 'changed', body, size, validators };
  }

  /** What breaks while a body is read is told in the same words as what breaks before. */
  private async *guarded(
    body: AsyncIterable<Uint8Array>,
    signal: AbortSignal,
  ): AsyncGenerator<Uint8Array, void, undefined> {
    try {
      yield* body;
    } catch (error) {
      throw this.asProblem(error, undefined, signal);
    }
  }

  private asProblem(error: unknown, aborted: AbortSignal | undefined, overall: AbortSignal): unknown {
    if (error instanceof DownloadProblem) return error;
    if (aborted?.aborted) return error;
    if (overall.aborted) {
      const seconds = this.times.totalMs / 1_000;
      return new DownloadProblem('unreachable', `It took longer than ${grouped(seconds)} seconds.`, { cause: error });
    }
    const text = error instanceof Error ? error.message : String(error);
    return new DownloadProblem('unreachable', `The download broke off: ${text.slice(0, 200)}.`, { cause: error });
  }
}

function undeclared(url: string): DownloadProblem {
  const { protocol, host } = URL.parse(url) ?? { protocol: '', host: '' };
  const what = `${protocol}//${host}`.slice(0, 200);
  return new DownloadProblem('refused', `${what} is no address that the source has declared.`);
}

function kept(validator: string | undefined): string | null {
  return validator !== undefined && validator.length <= maxValidatorLength && /^[\x20-\x7e]+$/.test(validator)
    ? validator
    : null;
}

function statusProblem(status: number, { host }: URL, retryMs: number | undefined): DownloadProblem {
  const options = { retryAfterMs: retryMs };
  if (status === 401 || status === 403 || status === 407) {
    return new DownloadProblem(
      'unauthorized',
      `${host} wants a key or does not take this one (status ${status}).`,
      options,
    );
  }
  if (status === 429) return new DownloadProblem('rate-limited', `${host} was asked too often (status 429).`, options);
  return new DownloadProblem('unreachable', `${host} answered with status ${status}.`, options);
}
