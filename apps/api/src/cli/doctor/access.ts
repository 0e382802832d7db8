import { access, stat } from 'node:fs/promises';
import { constants, type Stats } from 'node:fs';

/** What the system said no with, such as `EACCES`; undefined when it said yes. */
export async function refusalOf(path: string, mode: number): Promise<string | undefined> {
  try {
    await access(path, mode);
    return undefined;
  } catch (error) {
    return codeOf(error);
  }
}

/** Facts of a file or folder, or the code of the error. */
export async function factsOf(path: string): Promise<Stats | string> {
  try {
    return await stat(path);
  } catch (error) {
    return codeOf(error);
  }
}

/** Who may do what, such as `uid 0, gid 0, mode 0700`. */
export function rightsOf({ uid, gid, mode }: Stats): string {
  return `uid ${uid}, gid ${gid}, mode ${(mode & 0o7777).toString(8).padStart(4, '0')}`;
}

/** This process, for sentences about rights. */
export function ownRights(): string {
  const groups = process.getgroups?.() ?? [];
  return `This command runs with uid ${process.getuid?.() ?? '?'} and the groups ${groups.join(', ') || 'none'}.`;
}

/** Reading and writing. */
export const readWrite = constants.R_OK | constants.W_OK;

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}
