/** The members beside the plugins' files, by their names in the archive. */
export const memberNames = { manifest: 'manifest.json', database: 'bangui.sqlite3', keys: 'secret-key' } as const;
/** Files of the folder of plugins are members below this. */
export const pluginsPrefix = 'plugins/';

/** The version of what is written here; one that reads a higher one would not know what it means. */
const format = 1;
/** Longest manifest in bytes: that of the most members with the longest paths is smaller. */
export const maxManifestBytes = 16 * 1024 * 1024;
/** Most members, and the most bytes of all plugins' files: many times what `bangui plugin add` lets in of one. */
export const maxMembers = 20_000;
export const maxPluginBytes = 512 * 1024 * 1024;
/** Longest file of keys in bytes: hundreds of them. */
export const maxKeyBytes = 64 * 1024;
const maxPathBytes = 255;
const maxMigrations = 10_000;

/** A file of a backup. */
export interface BackupMember {
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
}

/** What a backup says of itself, as its first member `manifest.json`. */
export interface BackupManifest {
  readonly format: typeof format;
  /** Version of the BanGUI that made it. */
  readonly bangui: string;
  /** Time of the state that it holds, ISO 8601 in UTC. */
  readonly createdAt: string;
  /** Migrations of the database, oldest first. */
  readonly schema: readonly string[];
  /** All other members, in the order in which they follow. */
  readonly members: readonly BackupMember[];
}

/** It is no backup that this version can use; the message says why. */
export class BackupUnusable extends Error {
  override readonly name = 'BackupUnusable';
}

/** Puts a manifest together. */
export function manifestOf(parts: Omit<BackupManifest, 'format'>): BackupManifest {
  return { format, ...parts };
}

/**
 * Reads a manifest that may be anybody's: each member has a path below the place where it is unpacked, a size within its
 * limit and a checksum; the first one is the database.
 * @throws BackupUnusable
 */
export function readManifest(text: string): BackupManifest {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new BackupUnusable('It is no backup of BanGUI: its manifest is not JSON.', { cause: error });
  }
  const part = (name: keyof BackupManifest): unknown =>
    typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
  const [itsFormat, bangui, createdAt, schema, members] = [
    ...[part('format'), part('bangui'), part('createdAt'), part('schema'), part('members')],
  ];
  if (itsFormat !== format) {
    throw new BackupUnusable(
      Number.isSafeInteger(itsFormat) && Number(itsFormat) > format
        ? 'It was made by a newer BanGUI, in a format that this one does not know.'
        : 'It is no backup of BanGUI: its manifest has no known format.',
    );
  }
  if (!isWord(bangui) || !isWord(createdAt) || !Array.isArray(schema) || !Array.isArray(members)) throw broken();
  if (schema.length > maxMigrations || !schema.every(isWord)) throw broken();
  if (members.length > maxMembers || !members.every(isMember)) throw broken();
  if (members[0]?.path !== memberNames.database || new Set(members.map(({ path }) => path)).size !== members.length)
    throw broken();
  if (bytesOfPlugins(members) > maxPluginBytes)
    throw new BackupUnusable('Its plugins are larger than any that were let in.');
  return { format, bangui, createdAt, schema, members };
}

function broken(): BackupUnusable {
  return new BackupUnusable('It is no backup of BanGUI: its manifest is not what `bangui backup` writes.');
}

function bytesOfPlugins(members: readonly BackupMember[]): number {
  return members.reduce((sum, { path, bytes }) => sum + (path.startsWith(pluginsPrefix) ? bytes : 0), 0);
}

function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]{1,200}$/u.test(value);
}

function isMember(value: unknown): value is BackupMember {
  if (typeof value !== 'object' || value === null) return false;
  const part = (name: keyof BackupMember): unknown => Reflect.get(value, name);
  const [path, bytes, sha256] = [part('path'), part('bytes'), part('sha256')];
  if (typeof path !== 'string' || typeof sha256 !== 'string' || !/^[0-9a-f]{64}$/.test(sha256)) return false;
  if (typeof bytes !== 'number' || !Number.isSafeInteger(bytes) || bytes < 0) return false;
  if (path === memberNames.database) return true;
  if (path === memberNames.keys) return bytes <= maxKeyBytes;
  return path.startsWith(pluginsPrefix) && isBelow(path.slice(pluginsPrefix.length)) && bytes <= maxPluginBytes;
}

/** Whether it leads to a file below a folder, and nowhere else. */
export function isBelow(path: string): boolean {
  return (
    Buffer.byteLength(path) <= maxPathBytes - pluginsPrefix.length &&
    !/[\p{Cc}\\]/u.test(path) &&
    path.split('/').every((name) => name !== '' && name !== '.' && name !== '..')
  );
}
