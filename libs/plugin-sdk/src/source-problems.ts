/** Form of a source's id and of a feed's key. */
export const KEBAB_CASE = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

/** A host name without port; no addresses, so that DNS and its checks are always between the plugin and the network. */
const HOST = /^(?=.{1,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z][a-z0-9-]{0,61}[a-z0-9]$/;
const SCHEMES: readonly unknown[] = ['https', 'http', 'file'];
const MAX_HOSTS = 50;

/** Upper bounds of what a source may ask for, per feed. */
export const LIMIT_CEILINGS = { maxBytes: 1024 ** 3, maxEntries: 10_000_000 } as const;

/** What keeps a value from being a blocklist source; empty when it is one. For the host, which trusts no plugin. */
export function sourceProblems(value: unknown): string[] {
  if (!isRecord(value)) return ['it is no object'];
  const problems: string[] = [];
  if (value['api'] !== 1) problems.push('`api` is not 1');
  if (typeof value['feeds'] !== 'function') problems.push('`feeds` is no function');
  if (typeof value['parse'] !== 'function') problems.push('`parse` is no function');
  if (!isConfigSchema(value['config'])) {
    problems.push('`config` is no Standard Schema with JSON Schema (zod 4.2 or later makes one)');
  }
  const { metadata } = value;
  if (!isRecord(metadata)) return [...problems, '`metadata` is no object'];
  return [...problems, ...textProblems(metadata), ...reachProblems(metadata), ...numberProblems(metadata)];
}

/** What is wrong with the list of hosts of a source or manifest, if anything. */
export function hostsProblem(hosts: unknown, isFileOnly = false): string | undefined {
  if (hosts === 'from-config') return undefined;
  if (!Array.isArray(hosts)) return '`hosts` is neither a list nor "from-config"';
  if (hosts.length === 0 && !isFileOnly) return '`hosts` is empty';
  if (hosts.length > MAX_HOSTS) return `\`hosts\` has more than ${MAX_HOSTS} names`;
  const wrong: unknown = hosts.find((host) => typeof host !== 'string' || !HOST.test(host));
  return wrong === undefined
    ? undefined
    : `\`hosts\` has ${JSON.stringify(wrong)}, which is no host name in lower case`;
}

/** Whether a text is a source's id. */
export function isSourceId(value: unknown): value is string {
  return typeof value === 'string' && value.length >= 2 && value.length <= 64 && KEBAB_CASE.test(value);
}

/** Whether a value is an object with properties, and no array. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function textProblems(metadata: Record<string, unknown>): string[] {
  const problems: string[] = [];
  if (!isSourceId(metadata['id'])) problems.push('`metadata.id` is not kebab-case of 2 to 64 characters');
  for (const [field, longest] of [
    ['name', 80],
    ['description', 500],
    ['licence', 200],
  ] as const) {
    const text = metadata[field];
    if (typeof text !== 'string' || text.trim() === '' || text.length > longest) {
      problems.push(`\`metadata.${field}\` is no text of 1 to ${longest} characters`);
    }
  }
  const { homepage } = metadata;
  if (typeof homepage !== 'string' || !URL.canParse(homepage) || !homepage.startsWith('https://')) {
    problems.push('`metadata.homepage` is no https address');
  }
  return problems;
}

function reachProblems(metadata: Record<string, unknown>): string[] {
  const { schemes } = metadata;
  if (schemes !== undefined && (!Array.isArray(schemes) || schemes.length === 0 || !schemes.every(isScheme))) {
    return ['`metadata.schemes` is no list of https, http and file'];
  }
  const isFileOnly = Array.isArray(schemes) && schemes.every((scheme) => scheme === 'file');
  const problem = hostsProblem(metadata['hosts'], isFileOnly);
  return problem === undefined ? [] : [`metadata: ${problem}`];
}

function numberProblems(metadata: Record<string, unknown>): string[] {
  const problems: string[] = [];
  if (!isCount(metadata['minIntervalMinutes'], 7 * 24 * 60)) {
    problems.push('`metadata.minIntervalMinutes` is no whole number of 1 to 10,080');
  }
  if (!isCount(metadata['staleAfterHours'], 366 * 24)) {
    problems.push('`metadata.staleAfterHours` is no whole number of 1 to 8,784');
  }
  const limits = isRecord(metadata['limits']) ? metadata['limits'] : {};
  for (const [field, ceiling] of Object.entries(LIMIT_CEILINGS)) {
    if (!isCount(limits[field], ceiling)) {
      problems.push(`\`metadata.limits.${field}\` is no whole number of 1 to ${ceiling}`);
    }
  }
  return problems;
}

function isScheme(value: unknown): boolean {
  return SCHEMES.includes(value);
}

function isCount(value: unknown, ceiling: number): boolean {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= ceiling;
}

function isConfigSchema(value: unknown): boolean {
  if (!isObject(value)) return false;
  const standard: unknown = Reflect.get(value, '~standard');
  if (!isRecord(standard) || standard['version'] !== 1 || typeof standard['validate'] !== 'function') return false;
  return isRecord(standard['jsonSchema']) && typeof standard['jsonSchema']['input'] === 'function';
}

/** Schemas of some libraries are functions. */
function isObject(value: unknown): value is object {
  return (typeof value === 'object' && value !== null) || typeof value === 'function';
}
