import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BlocklistSource } from '@bangui/plugin-sdk';
import { jsonSchemaOf, readConfig, readManifest, type Manifest } from '@bangui/plugin-sdk/host';
import { checkout } from './paths.ts';

/** A source of this repository with its manifest. */
export interface ListedSource {
  readonly folder: string;
  readonly manifest: Manifest;
  readonly source: BlocklistSource;
}

const NOTE = 'Generated from the sources by `npm run sources`; changes made by hand are lost.';
const MIB = 1024 * 1024;

/** Names of the folders in `plugins/`. */
export async function sourceFolders(): Promise<string[]> {
  const entries = await readdir(join(checkout, 'plugins'), { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}

/** Reads the manifest of every source in `plugins/` and loads its code; needs `--conditions=bangui-src`. */
export async function listSources(): Promise<ListedSource[]> {
  return Promise.all(
    (await sourceFolders()).map(async (folder) => {
      const dir = join(checkout, 'plugins', folder);
      const { manifest, problems } = readManifest(JSON.parse(await readFile(join(dir, 'package.json'), 'utf8')));
      if (problems) throw new Error(`plugins/${folder}: ${problems.join('; ')}`);
      const module = (await import(pathToFileURL(join(dir, 'src/index.ts')).href)) as { default: BlocklistSource };
      return { folder, manifest, source: module.default };
    }),
  );
}

/** Path in the repository and text of every generated page. */
export async function sourcePages(sources: readonly ListedSource[]): Promise<Map<string, string>> {
  const pages = new Map<string, string>([['docs/reference/sources/README.md', overview(sources)]]);
  for (const listed of sources) pages.set(`docs/reference/sources/${listed.source.metadata.id}.md`, await page(listed));
  return pages;
}

function overview(sources: readonly ListedSource[]): string {
  const rows = sources.map(({ source: { metadata } }) => [
    `[${metadata.name}](${metadata.id}.md)`,
    metadata.description,
    metadata.licence,
    interval(metadata.minIntervalMinutes),
  ]);
  return (
    [
      '# Sources',
      NOTE,
      'What comes with BanGUI. [More can be added](../../plugins/README.md), also by you.',
      table(['Source', 'What it lists', 'Licence or terms', 'At most every'], rows),
    ].join('\n\n') + '\n'
  );
}

async function page({ folder, manifest, source }: ListedSource): Promise<string> {
  const { metadata } = source;
  const facts = [
    ['Id', `\`${metadata.id}\``],
    ['Package', `\`${manifest.packageName}\` ${manifest.version}`],
    ['Publisher', `<${metadata.homepage}>`],
    ['Licence or terms', metadata.licence],
    [
      'Hosts',
      metadata.hosts === 'from-config' ? 'as set' : metadata.hosts.map((host) => `\`${host}\``).join(', ') || 'none',
    ],
    ['Schemes', (metadata.schemes ?? ['https']).join(', ')],
    ['Time between downloads, at least', interval(metadata.minIntervalMinutes)],
    ['Stale when unchanged for', interval(metadata.staleAfterHours * 60)],
    [
      'Largest feed',
      `${metadata.limits.maxBytes / MIB} MiB, ${metadata.limits.maxEntries.toLocaleString('en')} entries`,
    ],
  ];
  return (
    [
      `# ${metadata.name}`,
      NOTE,
      `${metadata.description} Format, terms and what of them was checked: [README](../../../plugins/${folder}/README.md).`,
      table(['', ''], facts),
      '## Settings',
      settings(jsonSchemaOf(source.config)),
      '## Feeds',
      await feeds(source),
    ].join('\n\n') + '\n'
  );
}

interface Property {
  readonly title?: string;
  readonly description?: string;
  readonly default?: unknown;
  readonly writeOnly?: boolean;
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly items?: Property;
  readonly minimum?: number;
  readonly maximum?: number;
}

function settings(schema: Record<string, unknown>): string {
  // What the conformance suite has checked.
  const properties = Object.entries((schema['properties'] ?? {}) as Record<string, Property>);
  const required = (schema['required'] ?? []) as readonly string[];
  if (properties.length === 0) return 'None.';
  const rows = properties.map(([name, property]) => [
    `\`${name}\``,
    property.title ?? '',
    `${valuesOf(property)}${property.writeOnly === true ? ', secret' : ''}`,
    required.includes(name)
      ? 'required'
      : property.default === undefined
        ? 'unset'
        : `\`${JSON.stringify(property.default)}\``,
    property.description ?? '',
  ]);
  return table(['Name', 'Label', 'Values', 'Default', 'Meaning'], rows);
}

function valuesOf({ type = 'any', enum: choices, items, minimum, maximum }: Property): string {
  if (choices) return choices.map((choice) => `\`${String(choice)}\``).join(' ');
  if (type === 'array' && items) return `list of ${valuesOf(items)}`;
  if (minimum !== undefined && maximum !== undefined) return `${minimum} to ${maximum}`;
  return { string: 'text', boolean: 'yes or no' }[type] ?? type;
}

async function feeds(source: BlocklistSource): Promise<string> {
  const result = await readConfig(source.config, {});
  if (result.issues) return 'They depend on the settings.';
  const rows = source.feeds(result.value).map(({ key, url }) => [`\`${key}\``, `<${url}>`]);
  return `With the default settings:\n\n${table(['Feed', 'Address'], rows)}`;
}

function interval(minutes: number): string {
  const [unit, size] =
    minutes % 1440 === 0 && minutes > 1440 ? ['days', 1440] : minutes % 60 === 0 ? ['hours', 60] : ['minutes', 1];
  const count = minutes / size;
  return `${count} ${count === 1 ? unit.slice(0, -1) : unit}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(head), line(head.map(() => '---')), ...rows.map(line)].join('\n');
}
