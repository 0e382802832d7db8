import { type Manifest } from '@bangui/plugin-sdk/host';
import { type FoundPlugin } from './find-plugins.ts';
import { type SourceDescription } from './hosting/describe-source.ts';
import { type Confined } from './hosting/index.ts';

/** A plugin that was found, and what became of it. */
export interface PluginInfo {
  /** Id of its source; the folder's name where the manifest is wrong. */
  readonly id: string;
  readonly packageName: string;
  readonly version: string | null;
  /** `found` until its code was looked at. */
  readonly state: 'found' | 'refused' | 'available';
  /** Why it is refused, as sentences. */
  readonly reasons: readonly string[];
  readonly trust: 'in-tree' | 'foreign';
  /** How its code is kept from the machine; `none` for what comes with BanGUI. */
  readonly confined: Confined | 'none';
  /** What the manifest says, before any code is loaded. */
  readonly hosts: readonly string[] | 'from-config' | null;
  /** Of the folder of foreign code. */
  readonly checksum: string | null;
  /** What the source says about itself; null unless it is available. */
  readonly description: SourceDescription | null;
}

/** What is known of a plugin when only its manifest was read. */
export function foundInfo(plugin: FoundPlugin, confined: Confined): PluginInfo {
  const { manifest, directory, packageName, version, trust, problems } = plugin;
  return {
    id: manifest?.id ?? directory.split('/').at(-1) ?? directory,
    packageName,
    version,
    state: manifest ? 'found' : 'refused',
    reasons: problems,
    trust,
    confined: trust === 'in-tree' ? 'none' : confined,
    hosts: manifest?.hosts ?? null,
    checksum: null,
    description: null,
  };
}

/** In what the metadata differs from the manifest, which an administrator saw first; undefined when in nothing. */
export function mismatch(manifest: Manifest, { metadata }: SourceDescription): string | undefined {
  if (metadata.id !== manifest.id) return `Its code calls itself ${metadata.id}, its manifest ${manifest.id}.`;
  const same = JSON.stringify(sorted(metadata.hosts)) === JSON.stringify(sorted(manifest.hosts));
  return same ? undefined : 'Its code names other hosts than its manifest.';
}

function sorted(hosts: Manifest['hosts']): Manifest['hosts'] {
  return typeof hosts === 'string' ? hosts : hosts.toSorted();
}
