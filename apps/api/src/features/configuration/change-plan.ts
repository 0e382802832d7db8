import { createHash } from 'node:crypto';
import { EditableFile, FileTooLarge, UnwritableChange } from '@bangui/fail2ban-config';
import { type FieldProblem } from '../../core/http/app-error.ts';
import { type ConfigurationEdits, type FileEdit, type JailEdit, type ServerEdit } from './changes.dto.ts';
import { ChangeRefused, ConfigurationOutdated, NothingToChange, PathNotOurs } from './configuration.errors.ts';
import { isDefinitionPath, isOwnByName, isWritablePath, jailFile, serverFile } from './owned-path.ts';
import { type FileChange } from './store/index.ts';

/** Written by the enforcement of lists, which would write it again. */
export const blocklistFile = 'jail.d/zz-bangui-blocklist.local';

const heading = '# Written by BanGUI. Change it there: its versions and its way back are kept there too.\n';

/** What is known of files when a change is planned. */
export interface KnownFiles {
  /** @throws {PathNotOurs} for a name or a place that is not ours */
  readonly read: (path: string) => Promise<string | null>;
  /** Whether BanGUI made it, or was handed it. */
  readonly isOwned: (path: string) => boolean;
}

/** Names the content of a file. Null for no file. */
export function etagOf(text: string | null): string | null {
  return text === null ? null : createHash('sha256').update(text).digest('base64url').slice(0, 22);
}

/**
 * What a request comes to, file by file, without writing any.
 * @throws {ConfigurationOutdated} when a file is not as its editor saw it
 * @throws {ChangeRefused} naming what cannot be written; {@link PathNotOurs}, {@link NothingToChange}
 */
export async function planChange(
  { jails, files, server }: ConfigurationEdits,
  known: KnownFiles,
): Promise<FileChange[]> {
  const changes = new Map<string, FileChange>();
  const outdated: string[] = [];
  const refused: FieldProblem[] = [];
  const add = async (
    { path, etag, field }: { path: string; etag: string | null; field: string },
    afterOf: (before: string | null) => string | null,
  ): Promise<void> => {
    const before = await known.read(path);
    if (before !== null && !known.isOwned(path)) throw new PathNotOurs(path);
    if (etagOf(before) !== etag) return void outdated.push(path);
    if (changes.has(path)) return void refused.push({ field, message: 'is changed twice', code: 'twice' });
    try {
      const after = afterOf(before);
      if (after !== before) changes.set(path, { path, before, after });
    } catch (error) {
      if (!(error instanceof UnwritableChange || error instanceof FileTooLarge)) throw error;
      refused.push({ field, message: error.message, code: 'unwritable-change' });
    }
  };
  for (const [index, edit] of jails.entries()) {
    const path = jailFile(edit.jail);
    await add({ path, etag: edit.etag, field: `jails.${index}` }, (before) => sectionText(edit.jail, edit, before));
  }
  if (server) {
    await add({ path: serverFile, etag: server.etag, field: 'server' }, (before) =>
      sectionText('Definition', server, before),
    );
  }
  for (const [index, edit] of files.entries()) {
    if (!canWrite(edit, known)) throw new PathNotOurs(edit.path);
    await add({ ...edit, field: `files.${index}` }, () => (edit.text === null ? null : writable(edit.text)));
  }
  if (outdated.length > 0) throw new ConfigurationOutdated(outdated);
  if (refused.length > 0) throw new ChangeRefused(refused);
  if (changes.size === 0) throw new NothingToChange();
  return [...changes.values()];
}

function canWrite({ path }: FileEdit, { isOwned }: KnownFiles): boolean {
  if (!isWritablePath(path) || path === blocklistFile || path === serverFile) return false;
  return isOwnByName(path) || isDefinitionPath(path) || isOwned(path);
}

/** @throws {FileTooLarge} {@link UnwritableChange} for what no text file holds */
function writable(text: string): string {
  if (text.includes('\0') || !text.isWellFormed()) throw new UnwritableChange('It is not text.');
  return EditableFile.parse(text).print();
}

/** The text of a file of our own after an edit of its section; null when nothing would be left in it. */
function sectionText(
  section: string,
  { set, unset }: Pick<JailEdit | ServerEdit, 'set' | 'unset'>,
  before: string | null,
): string | null {
  let file = EditableFile.parse(before ?? heading);
  for (const name of unset) file = file.withoutOption(section, name);
  for (const { option, value } of set) file = file.withOption(section, option.toLowerCase(), value);
  return file.sections.every(({ options }) => options.length === 0) ? null : file.print();
}
