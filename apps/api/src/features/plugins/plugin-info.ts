import { defineEvent } from '../../core/events/event-bus.ts';
import { type SourceDescription } from './hosting/describe-source.ts';

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
  /** What the manifest says, before any code is loaded. */
  readonly hosts: readonly string[] | 'from-config' | null;
  /** Of the folder of foreign code. */
  readonly checksum: string | null;
  /** What the source says about itself; null unless it is available. */
  readonly description: SourceDescription | null;
}

/** Plugins were found, became available or refused, or are gone. */
export const pluginsChanged = defineEvent<undefined>('plugins-changed');
