import { hostsProblem, isRecord, isSourceId } from './source-problems.ts';

/** What a package says about its source before any of its code is loaded. */
export interface Manifest {
  readonly packageName: string;
  readonly version: string;
  readonly id: string;
  readonly hosts: readonly string[] | 'from-config';
  /** The module to load, relative to the package, from `exports["."]`. */
  readonly entry: string;
}

/** Outcome of reading a manifest. */
export type ManifestResult =
  | { readonly manifest: Manifest; readonly problems?: undefined }
  | { readonly manifest?: undefined; readonly problems: readonly string[] };

const PACKAGE_NAME = /^(?:@[a-z0-9~-][a-z0-9._~-]*\/)?[a-z0-9~-][a-z0-9._~-]*$/;
const ENTRY = /^\.\/(?:[\w-][\w.-]*\/)*[\w-][\w.-]*\.(?:js|mjs)$/;

/** Reads the part of a `package.json` that makes it a source of BanGUI, or says what is wrong. */
export function readManifest(packageJson: unknown): ManifestResult {
  if (!isRecord(packageJson)) return { problems: ['package.json holds no object'] };
  const { name, version, bangui } = packageJson;
  if (!isRecord(bangui)) return { problems: ['package.json has no part "bangui"'] };
  const problems: string[] = [];
  if (bangui['kind'] !== 'source') problems.push('`bangui.kind` is not "source"');
  if (bangui['api'] !== 1) problems.push(`\`bangui.api\` is ${JSON.stringify(bangui['api'])}; this host speaks 1`);
  const id = bangui['id'];
  if (!isSourceId(id)) problems.push('`bangui.id` is not kebab-case of 2 to 64 characters');
  const hostsFault = hostsProblem(bangui['hosts'], true);
  if (hostsFault !== undefined) problems.push(`bangui: ${hostsFault}`);
  if (typeof name !== 'string' || name.length > 214 || !PACKAGE_NAME.test(name))
    problems.push('`name` is no package name');
  if (typeof version !== 'string' || version === '') problems.push('`version` is missing');
  if (packageJson['type'] !== 'module') problems.push('`type` is not "module"');
  const entry = entryOf(packageJson['exports']);
  if (entry === undefined) problems.push('`exports["."]` names no JavaScript module in the package');
  if (problems.length > 0) return { problems };
  return {
    // Checked above, one by one.
    manifest: { packageName: name, version, id, hosts: bangui['hosts'], entry } as Manifest,
  };
}

function entryOf(exports: unknown): string | undefined {
  const root = isRecord(exports) ? exports['.'] : exports;
  const entry = isRecord(root) ? (root['import'] ?? root['default']) : root;
  return typeof entry === 'string' && ENTRY.test(entry) ? entry : undefined;
}
