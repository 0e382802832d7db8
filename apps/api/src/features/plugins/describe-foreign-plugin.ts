import { type FoundPlugin } from './find-plugins.ts';
import { type SourceLocation } from './hosted-source.ts';
import { checksumOf, openSource } from './hosting/index.ts';
import { type SourceDescription } from './hosting/describe-source.ts';
import { reasonOf } from './hosting/plugin-fault.ts';
import { type PluginsLock } from './plugins-lock.ts';

/** A foreign plugin after everything about it was checked. */
export type CheckedPlugin =
  | { readonly location: SourceLocation; readonly description: SourceDescription; readonly checksum: string }
  | { readonly problem: string; readonly checksum: string | null };

/** Checks a foreign package against the lock, and only then asks its code, in a child, what it is. */
export async function describeForeignPlugin(plugin: FoundPlugin, lock: PluginsLock): Promise<CheckedPlugin> {
  const { manifest, directory, entry } = plugin;
  if (!manifest) return { problem: plugin.problems.join('; '), checksum: null };
  let checksum: string;
  try {
    checksum = await checksumOf(directory);
  } catch (error) {
    return { problem: `Its files cannot be checked: ${reasonOf(error)}`, checksum: null };
  }
  const { id, packageName } = manifest;
  const locked = Object.hasOwn(lock, id) ? lock[id] : undefined;
  if (locked?.package !== packageName) {
    return {
      problem: 'It was not added: run `bangui plugin add`, or `bangui plugin accept` for what is there.',
      checksum,
    };
  }
  if (locked.checksum !== checksum) {
    return { problem: 'Its files are not those that were added.', checksum };
  }
  return describeLocated({ id, trust: 'foreign', directory, entry, checksum }, checksum);
}

/** Asks code that is let in what it is. */
export async function describeLocated(location: SourceLocation, checksum: string): Promise<CheckedPlugin> {
  try {
    const { metadata, configSchema } = await openSource(location);
    const description = { metadata, configSchema };
    return { location: { ...location, description }, description, checksum };
  } catch (error) {
    // Plugins fail in every way; none of them is ours.
    return { problem: reasonOf(error), checksum };
  }
}
