import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../lib/paths.ts';
import { texts } from './links.ts';

/** What reads or sets variables: programs, images, manifests, units; and the list that is made from the API's settings. */
const READERS = [
  'apps/{api,enforcer,portal}/src/**/*.ts',
  'libs/*/src/**/*.ts',
  'scripts/**/*.{ts,mjs}',
  'docker/**/!(*.md)',
  'packaging/**/*',
  'Makefile',
  'docs/reference/environment.md',
];

const namesIn = (text: string): string[] => text.match(/\bBANGUI_[A-Z0-9]+(?:_[A-Z0-9]+)*\b/g) ?? [];

describe('variables in the documentation', () => {
  it('are those that something reads: none is misspelt or gone', () => {
    const known = new Set(
      globSync(READERS, { cwd: checkout, withFileTypes: true, exclude: (entry) => entry.name === 'node_modules' })
        .filter((entry) => entry.isFile())
        .flatMap((entry) => namesIn(readFileSync(join(entry.parentPath, entry.name), 'utf8'))),
    );
    expect(known.size).toBeGreaterThan(50);
    const unknown = texts(checkout)
      // Written by a person for the reader's own shell; generated pages are compared with the code elsewhere.
      .filter((path) => path !== 'CHANGELOG.md' && !path.startsWith('docs/reference/'))
      .flatMap((path) =>
        namesIn(readFileSync(join(checkout, path), 'utf8'))
          .filter((name) => !known.has(name) && !known.has(name.replace(/_FILE$/, '')) && name !== 'BANGUI_REPOSITORY')
          .map((name) => `${path}: ${name}`),
      );
    expect(unknown).toEqual([]);
  });
});
