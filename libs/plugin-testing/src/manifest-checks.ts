import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { readManifest, sourceProblems } from '@bangui/plugin-sdk/host';
import type { Check } from './check.ts';
import type { Subject } from './subject.ts';

const SDK = '@bangui/plugin-sdk';
const PUBLISHED_NAME = /^(?:@[^/]+\/)?bangui-source-[a-z0-9-]+$/;
/** npm runs these when a package is installed; the host installs without them, so what they would do is missing. */
const INSTALL_SCRIPTS = ['preinstall', 'install', 'postinstall'];

/** The package says the same as its code, before any of the code is loaded. */
export function manifestChecks<Config>({ source, test }: Subject<Config>): Check[] {
  return [
    {
      title: 'is a source of this contract',
      run: () => {
        assert.deepEqual(sourceProblems(source), []);
      },
    },
    {
      title: 'has a manifest that equals its metadata',
      run: async () => {
        const { manifest, problems } = readManifest(await readPackage(test.packageJson));
        if (problems) assert.fail(problems.join('; '));
        assert.equal(manifest.id, source.metadata.id, '`bangui.id` and `metadata.id` differ');
        assert.deepEqual(manifest.hosts, source.metadata.hosts, '`bangui.hosts` and `metadata.hosts` differ');
      },
    },
    {
      title: 'is packaged as a source: name, keyword, peer dependency on the SDK and no other',
      run: async () => {
        const { name, keywords, dependencies, peerDependencies, scripts, license } = await readPackage(
          test.packageJson,
        );
        assert.match(String(name), PUBLISHED_NAME, 'the name is not bangui-source-… or @scope/bangui-source-…');
        assert.ok(
          Array.isArray(keywords) && keywords.includes('bangui-source'),
          'the keyword "bangui-source" is missing',
        );
        assert.deepEqual(namesIn(peerDependencies), [SDK], `the only peer dependency is ${SDK}`);
        assert.deepEqual(namesIn(dependencies), [], 'a source has no dependencies but the SDK');
        const installs = namesIn(scripts).filter((script) => INSTALL_SCRIPTS.includes(script));
        assert.deepEqual(installs, [], 'a source runs nothing when it is installed');
        assert.equal(typeof license, 'string', 'the package names no licence');
      },
    },
    {
      title: 'has a README',
      run: async () => {
        const readme = await readFile(new URL('README.md', test.packageJson), 'utf8');
        assert.ok(readme.trim().length > 0, 'README.md is empty');
      },
    },
  ];
}

async function readPackage(url: URL): Promise<Record<string, unknown>> {
  const value: unknown = JSON.parse(await readFile(url, 'utf8'));
  assert.ok(typeof value === 'object' && value !== null, 'package.json holds no object');
  return { ...value };
}

function namesIn(value: unknown): string[] {
  return typeof value === 'object' && value !== null ? Object.keys(value) : [];
}
