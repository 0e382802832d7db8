import { readFile, realpath } from 'node:fs/promises';
import { dirname } from 'node:path';
import { StartRefused } from '../start-refused.ts';

/** One mounted file system. */
export interface Mount {
  readonly point: string;
  readonly type: string;
}

/** File systems whose locks or shared memory do not hold between machines, so that SQLite would corrupt its file. */
const networkTypes =
  /^(nfs\d?|cifs|smb\d?|smbfs|ncpfs|afs|9p|ceph|glusterfs|fuse\.(glusterfs|sshfs|s3fs|goofys|rclone|ceph|cephfs|juicefs|moosefs|davfs|curlftpfs)|fuse\.?davfs2?|davfs|lustre|gfs2|ocfs2|beegfs|orangefs|pvfs2|coda)$/;

/** Reads the text of `/proc/self/mountinfo`; see proc(5). Lines that are not understood are left out. */
export function parseMounts(text: string): Mount[] {
  return text.split('\n').flatMap((line) => {
    const [left, right] = line.split(' - ');
    const point = left?.split(' ')[4];
    const type = right?.split(' ')[0];
    if (point === undefined || type === undefined) return [];
    // Space, tab, line feed and backslash are written as octal escapes.
    return [
      {
        point: point.replaceAll(/\\(\d{3})/g, (_, code: string) => String.fromCharCode(Number.parseInt(code, 8))),
        type,
      },
    ];
  });
}

/** The mount a path lies on: the longest mount point above it, the latest when several are stacked. */
export function mountOf(path: string, mounts: readonly Mount[]): Mount | undefined {
  let best: Mount | undefined;
  for (const mount of mounts) {
    const prefix = mount.point.endsWith('/') ? mount.point : `${mount.point}/`;
    const isAbove = path === mount.point || path.startsWith(prefix);
    if (isAbove && mount.point.length >= (best?.point.length ?? 0)) best = mount;
  }
  return best;
}

/** Why SQLite must not be used at a path, naming the mount; undefined when it may. */
export function networkFileSystemProblem(path: string, mounts: readonly Mount[]): string | undefined {
  const mount = mountOf(path, mounts);
  if (!mount || !networkTypes.test(mount.type)) return undefined;
  return (
    `The SQLite database ${path} would lie on a network file system (${mount.type} mounted at ${mount.point}), where its locks do not hold and data is lost. ` +
    'Set BANGUI_DATABASE_PATH to a local disk, or BANGUI_DATABASE_URL to a PostgreSQL database.'
  );
}

/** Rejects with {@link StartRefused} when the folder of the file lies on a network file system. */
export async function refuseNetworkFileSystem(file: string): Promise<void> {
  let text: string;
  try {
    text = await readFile('/proc/self/mountinfo', 'utf8');
  } catch {
    // No procfs (another system than Linux): nothing is known about mounts, and nothing can be refused.
    return;
  }
  // A symbolic link may lead to another mount.
  const problem = networkFileSystemProblem(`${await realpath(dirname(file))}/database`, parseMounts(text));
  if (problem !== undefined) throw new StartRefused(problem.replace(/\/database would/, ' would'));
}
