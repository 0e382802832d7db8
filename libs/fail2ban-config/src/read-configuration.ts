import { ConfigurationTree } from './configuration-tree.ts';
import { readDefinitions } from './definitions.ts';
import { effectiveOptions } from './effective-options.ts';
import type { Configuration, ReadConfigurationOptions } from './effective-configuration.ts';
import { readJails } from './jails.ts';

/**
 * Reads a folder of fail2ban's configuration as fail2ban does, without fail2ban. What is wrong with a file or an option is
 * told there and hides nothing else. Throws FolderUnreadable when there is no folder, or one too large (5,000 files, 64 MB).
 */
export async function readConfiguration(
  dir: string,
  { fail2banVersion = 'unknown', serverPath }: ReadConfigurationOptions = {},
): Promise<Configuration> {
  const bases = [dir, ...(serverPath === undefined ? [] : [serverPath])].map((base) => base.replace(/\/+$/, ''));
  const tree = await ConfigurationTree.read(dir, bases);
  const builtIns = { fail2ban_version: fail2banVersion, fail2ban_confpath: bases.at(-1) ?? dir };
  const server = tree.sections('fail2ban');
  return {
    ...readJails(tree, builtIns),
    filters: readDefinitions(tree, 'filter.d'),
    actions: readDefinitions(tree, 'action.d'),
    server: server ? effectiveOptions({ sections: server.sections, section: 'Definition' }) : new Map(),
    files: tree.files(),
    // Last: includes are told of as sections are read.
    problems: tree.problems(),
  };
}
