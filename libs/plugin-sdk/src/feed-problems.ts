import { hasPlaceholder } from './secrets.ts';
import type { SourceMetadata } from './source.ts';
import { isRecord, KEBAB_CASE } from './source-problems.ts';

/** Feeds that one source may have. */
export const MAX_FEEDS = 100;

const MAX_URL_LENGTH = 2048;
const HEADER_NAME = /^[A-Za-z][A-Za-z0-9-]{0,63}$/;
/** Printable ASCII: no line breaks, so that no header can be smuggled in. */
const HEADER_VALUE = /^[\x20-\x7e]{0,4096}$/;
/** Headers that belong to the host, because they change how a request is sent or answered. */
const HOST_HEADERS = new Set([
  'accept-encoding',
  'connection',
  'content-length',
  'cookie',
  'host',
  'if-modified-since',
  'if-none-match',
  'proxy-authorization',
  'range',
  'te',
  'transfer-encoding',
  'upgrade',
]);

/** What keeps the host from downloading these feeds; empty when nothing does. For the host, which trusts no plugin. */
export function feedProblems(metadata: SourceMetadata, feeds: unknown): string[] {
  if (!Array.isArray(feeds)) return ['`feeds` gave no list'];
  if (feeds.length === 0) return ['there is no feed'];
  if (feeds.length > MAX_FEEDS) return [`there are more than ${MAX_FEEDS} feeds`];
  const keys = new Set<unknown>();
  return feeds.flatMap((feed: unknown) => {
    if (!isRecord(feed)) return ['a feed is no object'];
    const { key, url } = feed;
    if (typeof key !== 'string' || key.length > 64 || !KEBAB_CASE.test(key)) {
      return [`the key ${JSON.stringify(key)} is not kebab-case of at most 64 characters`];
    }
    if (keys.has(key)) return [`the key "${key}" is there twice`];
    keys.add(key);
    const problems = [
      typeof url === 'string' ? urlProblem(metadata, url) : 'the address is no text',
      ...headerProblems(feed['headers']),
      feed['basicAuth'] === undefined || isBasicAuth(feed['basicAuth'])
        ? undefined
        : '`basicAuth` is no user and password',
    ];
    return problems.filter((problem) => problem !== undefined).map((problem) => `feed "${key}": ${problem}`);
  });
}

/** Whether a source may be read from this address; also to be asked about every redirect. */
export function isAllowedUrl(metadata: SourceMetadata, url: string): boolean {
  return urlProblem(metadata, url) === undefined;
}

function urlProblem(metadata: SourceMetadata, text: string): string | undefined {
  if (text.length > MAX_URL_LENGTH) return `the address is longer than ${MAX_URL_LENGTH} characters`;
  const url = URL.parse(text);
  if (url === null) return 'the address is no URL';
  if (hasPlaceholder(decodeURI(escapeStrayPercents(text))))
    return 'a secret stands in the address; it belongs in a header';
  if (url.username !== '' || url.password !== '') return 'the address holds a user or password; use `basicAuth`';
  const schemes: readonly string[] = metadata.schemes ?? ['https'];
  const scheme = url.protocol.slice(0, -1);
  if (!schemes.includes(scheme)) return `the scheme ${scheme} is not among ${schemes.join(', ')}`;
  if (scheme === 'file') return url.hostname === '' ? undefined : 'a file has no host';
  if (metadata.hosts !== 'from-config' && !metadata.hosts.includes(url.hostname)) {
    return `the host ${url.hostname} is not declared`;
  }
  return undefined;
}

/** Keeps `decodeURI` from throwing at a percent sign that escapes nothing. */
function escapeStrayPercents(text: string): string {
  return text.replaceAll(/%(?!7[BD]|[01234567][0-9A-F])/gi, '%25');
}

function headerProblems(headers: unknown): (string | undefined)[] {
  if (headers === undefined) return [];
  if (!isRecord(headers)) return ['`headers` is no object'];
  return Object.entries(headers).map(([name, value]) => {
    if (!HEADER_NAME.test(name)) return `${JSON.stringify(name)} is no header name`;
    if (HOST_HEADERS.has(name.toLowerCase())) return `the header ${name} belongs to the host`;
    return typeof value === 'string' && HEADER_VALUE.test(value) ? undefined : `the header ${name} is no plain text`;
  });
}

function isBasicAuth(value: unknown): boolean {
  if (!isRecord(value)) return false;
  const { user, password } = value;
  return typeof user === 'string' && !user.includes(':') && typeof password === 'string';
}
