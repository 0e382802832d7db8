import { type Manifest } from '@bangui/plugin-sdk/host';
import { type SourceDescription } from '../hosting/describe-source.ts';
import { type Confined, confinement } from '../hosting/index.ts';

/** A foreign source as whoever operates BanGUI sees it. */
export interface OperatorPlugin {
  readonly id: string;
  readonly packageName: string;
  readonly version: string;
  readonly checksum: string;
  readonly hosts: readonly string[] | 'from-config';
  readonly name: string;
  readonly homepage: string;
  readonly licence: string;
  readonly confined: Confined;
}

/** Puts together what a manifest and the source's own words say. */
export async function pluginOf(
  { id, packageName, version, hosts }: Manifest,
  checksum: string,
  { metadata: { name, homepage, licence } }: SourceDescription,
): Promise<OperatorPlugin> {
  const { confined } = await confinement();
  return { id, packageName, version, checksum, hosts, name, homepage, licence, confined };
}
