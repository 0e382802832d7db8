import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { environmentReference } from './environment-reference.ts';

it('is what docs/reference/environment.md says', () => {
  const page = readFileSync(new URL('../../../../../docs/reference/environment.md', import.meta.url), 'utf8');
  expect(page, 'Run `npm run build:api && npm run reference` and commit the page.').toBe(environmentReference());
});
