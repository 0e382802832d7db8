import type { Feed } from './source.ts';
import { isRecord } from './source-problems.ts';

/** A feed's headers with the secrets in their places; never to be logged. */
export interface FilledFeed {
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
}

const PLACEHOLDER = /\{\{secret:([A-Za-z0-9_]+)\}\}/g;

/**
 * Settings as a source gets them: every secret is a placeholder such as `{{secret:key}}`, so that no plugin ever holds one.
 * Secrets that are not set stay as they are, so that a source can leave a header out.
 */
export function withPlaceholders<Config>(config: Config, fields: readonly string[]): Config {
  if (!isRecord(config)) return config;
  const filled: Record<string, unknown> = { ...config };
  for (const field of fields) {
    if (filled[field] !== undefined && filled[field] !== '') filled[field] = `{{secret:${field}}}`;
  }
  // The secrets are texts by the schema, and so are the placeholders.
  return filled as Config;
}

/** Whether a text names a secret. */
export function hasPlaceholder(text: string): boolean {
  return text.search(PLACEHOLDER) >= 0;
}

/** Puts the secrets in the places of their placeholders; an unknown one stays as it is. */
export function fillSecrets(text: string, secrets: Readonly<Record<string, string>>): string {
  return text.replaceAll(PLACEHOLDER, (placeholder, field: string) =>
    Object.hasOwn(secrets, field) ? (secrets[field] ?? placeholder) : placeholder,
  );
}

/** What to send for a feed. Secrets go into headers only, never into the address, which is shown and logged. */
export function fillSecretsOfFeed(feed: Feed, secrets: Readonly<Record<string, string>>): FilledFeed {
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(feed.headers ?? {})) headers[name] = fillSecrets(value, secrets);
  if (feed.basicAuth !== undefined) {
    const { user, password } = feed.basicAuth;
    const pair = `${fillSecrets(user, secrets)}:${fillSecrets(password, secrets)}`;
    headers['Authorization'] = `Basic ${Buffer.from(pair, 'utf8').toString('base64')}`;
  }
  return { url: feed.url, headers };
}
