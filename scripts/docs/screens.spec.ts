import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../lib/paths.ts';
import { headings } from './markdown.ts';

describe('the page about the screens', () => {
  it('has a section for every screen of the portal, under the name it has there', async () => {
    const shell = await readFile(join(checkout, 'apps/portal/src/app/shell/shell.ts'), 'utf8');
    const screens = [...shell.matchAll(/path: '\/[^']*', label: \$localize`([^`]+)`/g)].map(([, label]) => label);
    expect(screens.length).toBeGreaterThan(10);
    const page = await readFile(join(checkout, 'docs/guide/screens.md'), 'utf8');
    expect(headings(page).map(({ text }) => text)).toEqual(expect.arrayContaining(screens));
  });
});
