import { IsString, MaxLength } from 'class-validator';

/** Which plugin. */
export class PluginPath {
  @IsString()
  @MaxLength(214)
  id: string;
}

/** Bounds of each list of a source. */
export class PluginLimits {
  /** Bytes after decompression. */
  maxBytes: number;
  maxEntries: number;
}

/** A plugin that was found: a blocklist source, or what was to be one. */
export class Plugin {
  /** Id of the source; the folder's name where the manifest is wrong. */
  id: string;
  /** Name of the package. */
  packageName: string;
  version: string | null;
  /** `found` while its code has not been looked at. */
  state: 'found' | 'refused' | 'available';
  /** Why it is refused, one sentence each. */
  reasons: string[];
  /** `in-tree` comes with BanGUI; `foreign` was added by the operator. */
  trust: 'in-tree' | 'foreign';
  /** How its code is kept from this machine: not at all, by Node's permissions, or also without a network. */
  confined: 'none' | 'permission' | 'permission+network';
  /** SHA-512 over the package's files, of foreign ones. */
  checksum: string | null;
  /** The only hosts that it may be downloaded from; empty when an administrator writes the address. Null in a wrong manifest. */
  hosts: string[] | null;
  /** Whether an administrator writes the address. */
  hasOwnAddress: boolean;
  /** What follows is null unless the plugin is available. */
  name: string | null;
  description: string | null;
  /** Page of the publisher about the list. */
  homepage: string | null;
  /** Licence or terms of the list. */
  licence: string | null;
  schemes: ('https' | 'http' | 'file')[] | null;
  /** Minutes that the publisher wants between two downloads. */
  minIntervalMinutes: number | null;
  /** Hours without a change after which the list is stale. */
  staleAfterHours: number | null;
  limits: PluginLimits | null;
  /** JSON Schema (2020-12) of its settings. */
  configSchema: Record<string, unknown> | null;
}

/** All plugins. */
export class PluginList {
  items: Plugin[];
  /** Whether they are being looked at now: until that is over, some are `found` or as the look before has found them. */
  isLooking: boolean;
}
