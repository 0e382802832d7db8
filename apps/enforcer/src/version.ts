import { readFileSync } from 'node:fs';
import { membersOf } from '@bangui/enforcement';

/** Version of this program, from its package; the same place from `src` and from `dist`. */
export function ownVersion(): string {
  const { version } = membersOf(JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')));
  return typeof version === 'string' ? version : 'unknown';
}
