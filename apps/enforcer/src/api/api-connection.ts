import { Agent as HttpAgent, type IncomingMessage, request as httpRequest } from 'node:http';
import { Agent as HttpsAgent, request as httpsRequest } from 'node:https';
import { type EnforcerOrders, type EnforcerReport, membersOf, wantedMediaType } from '@bangui/enforcement';
import { type Settings } from '../settings.ts';

/** A million ranges of IPv4 are 8 MB; what is larger is refused. */
const MAX_WANTED = 256 * 1024 * 1024;
const MAX_SMALL = 64 * 1024;
/** Time for an answer beyond what the API was asked to wait, in milliseconds. */
const PATIENCE_MS = 30_000;

/** The API did not do what was asked. */
export class ApiFailed extends Error {
  /** Of the answer; undefined when there was none. */
  readonly status: number | undefined;
  /** Milliseconds that the API asks to wait. */
  readonly retryAfterMs: number | undefined;

  constructor(
    message: string,
    { status, retryAfterMs, ...options }: ErrorOptions & { status?: number; retryAfterMs?: number } = {},
  ) {
    super(message, options);
    this.status = status;
    this.retryAfterMs = retryAfterMs;
  }
}

/** What the API has of the wanted set. */
export type WantedAnswer =
  { readonly kind: 'unchanged' } | { readonly kind: 'message'; readonly etag: string; readonly bytes: Uint8Array };

/** What to ask for. */
export interface WantedRequest {
  readonly etag?: string | undefined;
  readonly from?: number | undefined;
  readonly waitSeconds: number;
}

interface Exchange {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
  readonly signal: AbortSignal;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingMessage['headers'];
  readonly body: Buffer;
}

/** The API over HTTP, on a Unix socket or at an address. It follows no redirect, and bounds size and time of each answer. */
export class ApiConnection {
  private readonly settings: Pick<Settings, 'api' | 'token'>;
  private readonly agent: HttpAgent;

  constructor(settings: Pick<Settings, 'api' | 'token'>) {
    this.settings = settings;
    const isTls = 'url' in settings.api && settings.api.url.protocol === 'https:';
    this.agent = isTls ? new HttpsAgent({ keepAlive: true }) : new HttpAgent({ keepAlive: true });
  }

  /** Asks for the wanted set. @throws {ApiFailed} */
  async wanted({ etag, from, waitSeconds }: WantedRequest, signal: AbortSignal): Promise<WantedAnswer> {
    const query = new URLSearchParams({ wait: String(waitSeconds) });
    if (from !== undefined) query.set('from', String(from));
    const { status, headers, body } = await this.exchange({
      method: 'GET',
      path: `/api/v1/enforcement/wanted?${query.toString()}`,
      ...(etag !== undefined && { headers: { 'If-None-Match': etag } }),
      timeoutMs: waitSeconds * 1_000 + PATIENCE_MS,
      maxBytes: MAX_WANTED,
      signal,
    });
    if (status === 304) return { kind: 'unchanged' };
    if (status !== 200 || headers['content-type'] !== wantedMediaType) throw failureOf({ status, headers, body });
    return { kind: 'message', etag: headers.etag ?? '', bytes: body };
  }

  /** Sends a report. @throws {ApiFailed} */
  async report(report: EnforcerReport, signal: AbortSignal): Promise<EnforcerOrders> {
    const answer = await this.exchange({
      method: 'POST',
      path: '/api/v1/enforcement/reports',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(report),
      timeoutMs: 5_000,
      maxBytes: MAX_SMALL,
      signal,
    });
    if (answer.status !== 200) throw failureOf(answer);
    const { confirmedTrial } = membersOf(JSON.parse(answer.body.toString('utf8')));
    return { confirmedTrial: typeof confirmedTrial === 'number' ? confirmedTrial : null };
  }

  /** Ends what is under way. */
  close(): void {
    this.agent.destroy();
  }

  private async exchange({ method, path, headers, body, timeoutMs, maxBytes, signal }: Exchange): Promise<Answer> {
    const { api, token } = this.settings;
    try {
      const bounded = AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]);
      const isTls = 'url' in api && api.url.protocol === 'https:';
      const place =
        'socket' in api
          ? { socketPath: api.socket, host: 'localhost' }
          : { host: api.url.hostname.replaceAll(/[[\]]/g, ''), port: api.url.port || (isTls ? 443 : 80) };
      return await new Promise<Answer>((resolve, reject) => {
        const request = (isTls ? httpsRequest : httpRequest)({
          ...place,
          method,
          path,
          agent: this.agent,
          signal: bounded,
          headers: {
            ...headers,
            Authorization: `Bearer ${token()}`,
            ...(body !== undefined && { 'Content-Length': Buffer.byteLength(body) }),
          },
        });
        request.once('error', reject);
        request.once('response', (response) => {
          readBody(response, maxBytes).then(
            (bytes) => resolve({ status: response.statusCode ?? 0, headers: response.headers, body: bytes }),
            reject,
          );
        });
        request.end(body);
      });
    } catch (cause) {
      if (cause instanceof ApiFailed) throw cause;
      throw new ApiFailed(`The API did not answer: ${cause instanceof Error ? cause.message : String(cause)}`, {
        cause,
      });
    }
  }
}

async function readBody(response: IncomingMessage, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    length += part.length;
    if (length > maxBytes) {
      response.destroy();
      throw new ApiFailed(`The API's answer is larger than ${maxBytes} bytes.`);
    }
    parts.push(part);
  }
  if (!response.complete) throw new ApiFailed("The API's answer was cut.");
  return Buffer.concat(parts);
}

function failureOf({ status, headers, body }: Answer): ApiFailed {
  const seconds = Number(headers['retry-after'] ?? 0);
  let detail = '';
  if (headers['content-type']?.startsWith('application/problem+json') && body.length <= MAX_SMALL) {
    try {
      const { detail: words } = membersOf(JSON.parse(body.toString('utf8')));
      if (typeof words === 'string') detail = words.slice(0, 300);
    } catch {
      // Somebody in between has cut or changed it; the status says enough.
    }
  }
  return new ApiFailed(`The API answered ${status}. ${detail}`.trim(), {
    status,
    ...(seconds > 0 && { retryAfterMs: Math.min(seconds, 300) * 1_000 }),
  });
}
