import { describe, expect, it } from 'vitest';
import { mountOf, networkFileSystemProblem, parseMounts } from './network-file-system.ts';

const mountInfo = `21 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw
36 21 0:40 / /srv rw,noatime shared:7 - nfs4 nas:/export rw,vers=4.2
37 36 8:2 / /srv/local rw shared:8 - ext4 /dev/sdb1 rw
38 21 0:41 / /mnt/my\\040share rw - cifs //nas/share rw
39 21 0:42 / /run/user/0/sftp rw - fuse.sshfs host:/ rw
40 21 0:43 / /over rw - overlay overlay rw
41 40 0:44 / /over rw - 9p host rw
nonsense
`;

describe('the file system under the database', () => {
  const mounts = parseMounts(mountInfo);

  it('is read from mountinfo with its escapes, and lines that mean nothing are left out', () => {
    expect(mounts).toHaveLength(7);
    expect(mounts).toContainEqual({ point: '/mnt/my share', type: 'cifs' });
  });

  it('is the one of the longest mount point above the file, the latest of stacked ones', () => {
    expect(mountOf('/srv/local/x', mounts)).toEqual({ point: '/srv/local', type: 'ext4' });
    expect(mountOf('/srvx', mounts)).toEqual({ point: '/', type: 'ext4' });
    expect(mountOf('/over/x', mounts)).toEqual({ point: '/over', type: '9p' });
  });

  it.each([
    ['/srv/bangui/db', '/srv', 'nfs4'],
    ['/mnt/my share/db', '/mnt/my share', 'cifs'],
    ['/run/user/0/sftp/db', '/run/user/0/sftp', 'fuse.sshfs'],
  ])('is refused for %s, naming the mount', (path, point, type) => {
    expect(networkFileSystemProblem(path, mounts)).toContain(`(${type} mounted at ${point})`);
  });

  it.each(['/var/lib/bangui/db', '/srv/local/db'])('is fine for %s', (path) => {
    expect(networkFileSystemProblem(path, mounts)).toBeUndefined();
  });
});
