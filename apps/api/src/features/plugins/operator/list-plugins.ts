import { describeForeignPlugin } from '../describe-foreign-plugin.ts';
import { findForeign } from '../find-foreign.ts';
import { mismatch } from '../plugin-info.ts';
import { readLock } from '../plugins-lock.ts';

/** One line of the list of foreign sources. */
export interface ListedPlugin {
  readonly id: string;
  readonly packageName: string;
  readonly version: string;
  readonly checksum: string;
  /** Why it is refused; undefined when it is available. */
  readonly problem: string | undefined;
}

/** The foreign sources of a folder, each looked at as the API does. */
export async function listPlugins(folder: string): Promise<ListedPlugin[]> {
  const lock = await readLock(folder);
  const listed: ListedPlugin[] = [];
  for (const plugin of await findForeign(folder)) {
    const checked = await describeForeignPlugin(plugin, lock);
    const { manifest, packageName, version } = plugin;
    listed.push({
      id: manifest?.id ?? '-',
      packageName,
      version: version ?? '-',
      checksum: checked.checksum ?? '-',
      problem: 'problem' in checked ? checked.problem : manifest && mismatch(manifest, checked.description),
    });
  }
  return listed;
}
