import { isIP } from 'node:net';
import { ValidateBy, type ValidationOptions } from 'class-validator';

/** A check whose message names the offending entry: `explain` gives the complaint, or undefined when all is well. */
function check(
  name: string,
  explain: (value: unknown) => string | undefined,
  options?: ValidationOptions,
): PropertyDecorator {
  return ValidateBy(
    {
      name,
      validator: {
        validate: (value: unknown) => explain(value) === undefined,
        defaultMessage: (args) => explain(args?.value) ?? '',
      },
    },
    options,
  );
}

function firstProblem(value: unknown, explain: (entry: string) => string | undefined): string | undefined {
  if (!Array.isArray(value)) return 'must be a list separated by commas';
  for (const entry of value) {
    const problem = explain(String(entry));
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** Why an entry is not an exact origin, with the entry in the sentence; undefined when it is one. */
export function originProblem(entry: string): string | undefined {
  const shown = JSON.stringify(entry.slice(0, 200));
  if (entry === '*') return `refuses ${shown}: cookies are allowed across origins, so every origin must be named`;
  if (!/^https?:\/\//i.test(entry)) return `refuses ${shown}: an origin starts with http:// or https://`;
  if (!URL.canParse(entry)) return `refuses ${shown}: this is not an origin`;
  const url = new URL(entry);
  if (entry.endsWith('/') && url.pathname === '/') return `refuses ${shown}: leave out the trailing slash`;
  if (url.pathname !== '/' || url.search || url.hash) return `refuses ${shown}: an origin has no path`;
  if (url.username || url.password) return `refuses ${shown}: an origin has no user name or password`;
  // Browsers send the canonical form; anything else would never match and only look configured.
  if (url.origin !== entry) return `refuses ${shown}: browsers send this origin as ${url.origin}`;
  return undefined;
}

/** Every entry is an origin exactly as browsers send it: scheme, host and port, nothing else. */
export function IsExactOrigin(options?: ValidationOptions): PropertyDecorator {
  return check('isExactOrigin', (value) => firstProblem(value, originProblem), options);
}

function proxyProblem(entry: string): string | undefined {
  const [address = '', prefix, ...rest] = entry.split('/');
  const family = isIP(address);
  const bits = family === 4 ? 32 : 128;
  const isNetwork = prefix === undefined || (/^\d{1,3}$/.test(prefix) && Number(prefix) <= bits);
  if (family === 0 || address.includes('%') || rest.length > 0 || !isNetwork) {
    return `refuses ${JSON.stringify(entry.slice(0, 200))}: expected an address or a network such as 10.0.0.0/8`;
  }
  return undefined;
}

/** Every entry is an IP address or a CIDR network. */
export function IsProxyNetwork(options?: ValidationOptions): PropertyDecorator {
  return check('isProxyNetwork', (value) => firstProblem(value, proxyProblem), options);
}

/** An IP address, or a host name that the system resolves. */
export function IsAddressOrHost(options?: ValidationOptions): PropertyDecorator {
  return check(
    'isAddressOrHost',
    (value) =>
      typeof value === 'string' &&
      (isIP(value) !== 0 || /^(?!\d+$)[A-Za-z0-9]([A-Za-z0-9.-]{0,251}[A-Za-z0-9])?$/.test(value))
        ? undefined
        : 'must be an address or a host name',
    options,
  );
}

/** An absolute path that fits into the address of a Unix socket: 107 bytes. */
export function IsSocketPath(options?: ValidationOptions): PropertyDecorator {
  return check(
    'isSocketPath',
    (value) => {
      if (typeof value !== 'string' || !value.startsWith('/')) return 'must be an absolute path';
      return Buffer.byteLength(value) > 107 ? 'must be at most 107 bytes long, the limit of Unix sockets' : undefined;
    },
    options,
  );
}

/** A `postgres://` URL with a database name. The complaint never repeats the value: it holds a password. */
export function IsPostgresUrl(options?: ValidationOptions): PropertyDecorator {
  return check(
    'isPostgresUrl',
    (value) => {
      if (typeof value !== 'string' || !URL.canParse(value) || !/^postgres(ql)?:$/.test(new URL(value).protocol)) {
        return 'must be a URL such as postgres://user:password@host:5432/name';
      }
      return new URL(value).pathname.length > 1 ? undefined : 'must name a database, as in postgres://host/name';
    },
    options,
  );
}

/** A `redis://` or `rediss://` URL. The complaint never repeats the value: it holds a password. */
export function IsRedisUrl(options?: ValidationOptions): PropertyDecorator {
  return check(
    'isRedisUrl',
    (value) => {
      if (typeof value !== 'string' || !URL.canParse(value) || !/^rediss?:$/.test(new URL(value).protocol)) {
        return 'must be a URL such as redis://user:password@host:6379/0';
      }
      const { hostname, pathname, search, hash } = new URL(value);
      if (hostname === '') return 'must name a host, as in redis://host:6379';
      if (!/^\/?$|^\/\d{1,5}$/.test(pathname))
        return 'must end with the number of a database, as in redis://host:6379/0';
      // The driver would take every field of a query for an option of its own.
      return search || hash ? 'must not hold a query or a fragment' : undefined;
    },
    options,
  );
}

/** A proxy's `http://` URL. The complaint never repeats the value: it may hold a password. */
export function IsHttpProxy(options?: ValidationOptions): PropertyDecorator {
  return check(
    'isHttpProxy',
    (value) => {
      const url = typeof value === 'string' ? URL.parse(value) : null;
      if (url?.protocol !== 'http:' || url.hostname === '') return 'must be a URL such as http://proxy:3128';
      return url.pathname === '/' && !url.search && !url.hash ? undefined : 'must not hold a path';
    },
    options,
  );
}

/** An `http://` or `https://` URL with a path. The complaint never repeats the value: it may hold a password by mistake. */
export function IsTracesUrl(options?: ValidationOptions): PropertyDecorator {
  return check(
    'isTracesUrl',
    (value) => {
      const url = typeof value === 'string' && value.length <= 2_000 ? URL.parse(value) : null;
      if (!url || !/^https?:$/.test(url.protocol) || url.hostname === '') {
        return 'must be a URL such as http://127.0.0.1:4318/v1/traces';
      }
      if (url.username || url.password) return 'must not hold a user name or a password';
      if (url.search || url.hash) return 'must not hold a query or a fragment';
      return url.pathname === '/' ? 'must have a path, as in http://127.0.0.1:4318/v1/traces' : undefined;
    },
    options,
  );
}
