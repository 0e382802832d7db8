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
    if (!path.startsWith('jail')) {
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

/** Filters and actions include each other, so it is every jail that uses anything of that folder unless the name says it. */
function usersOf(path: string, jails: readonly JailConfiguration[]): string[] {
  const isFilter = path.startsWith('filter.d/');
  const name = /^[^/]+\/(.*)\.(?:conf|local)$/.exec(path)?.[1];
  const users = jails.filter((jail) =>
    isFilter ? jail.filter?.name === name : jail.actions.some((one) => one.name === name),
  );
  // One that nobody names may be included by those that are.
  return (users.length > 0 ? users : jails).map((jail) => jail.name);
}
