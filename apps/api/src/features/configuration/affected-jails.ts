import { type Configuration, EditableFile, type JailConfiguration } from '@bangui/fail2ban-config';
import { type FileChange } from './store/index.ts';

/**
 * The jails that a change can make different. To evaluate all of hundreds would take a second; where it cannot be told, it is
 * all of them.
 */
export function affectedJails(
  changes: readonly FileChange[],
  before: Configuration,
  after: Configuration,
): { readonly before: readonly JailConfiguration[]; readonly after: readonly JailConfiguration[] } {
  const names = new Set<string>();
  const all = { before: before.jails, after: after.jails };
  for (const { path, before: was, after: is } of changes) {
    // Actions include each other, and a command of root that is overlooked would need no password.
    if (path.startsWith('action.d/')) return all;
    if (path.startsWith('filter.d/')) {
      for (const name of usersOf(path, [...before.jails, ...after.jails])) names.add(name);
      continue;
    }
    for (const { name } of [was, is].flatMap((text) => (text === null ? [] : EditableFile.parse(text).sections))) {
      if (name === 'DEFAULT' || name === 'INCLUDES' || isReferred(name, after)) return all;
      names.add(name);
    }
  }
  const affected = ({ jails }: Configuration): JailConfiguration[] => jails.filter(({ name }) => names.has(name));
  return { before: affected(before), after: affected(after) };
}

/** Whether `%(name/option)s` stands anywhere: then what stands in one jail's section is part of another's values. */
function isReferred(name: string, { files }: Configuration): boolean {
  const reference = `%(${name.toLowerCase()}/`;
  return files.some(({ text }) => text?.toLowerCase().includes(reference));
}

/** The jails that use a filter; all of them where none does, because one that nobody names may be included by those that are. */
function usersOf(path: string, jails: readonly JailConfiguration[]): string[] {
  const name = /^filter\.d\/(.*)\.(?:conf|local)$/.exec(path)?.[1];
  const users = jails.filter((jail) => jail.filter?.name === name);
  return (users.length > 0 ? users : jails).map((jail) => jail.name);
}
