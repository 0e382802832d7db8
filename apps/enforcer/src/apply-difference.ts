import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Ipset } from './ipset/ipset.ts';
import { type Changes, difference, type Sides } from './ipset/loads.ts';

/**
 * Changes the sets in force. The commands go through a file and not through a pipe: were this process killed while it writes, ipset could take the
 * first half of `192.0.2.34` for an address and block `192.0.2.3`.
 */
export async function applyDifference(ipset: Ipset, changes: Changes, sides: Sides): Promise<void> {
  const dir = await mkdtemp(join(tmpdir(), 'bangui-enforcer-'));
  try {
    const path = join(dir, 'difference');
    const writer = await open(path, 'wx', 0o600);
    try {
      for (const chunk of difference(changes, sides)) await writer.write(chunk);
    } finally {
      await writer.close();
    }
    const reader = await open(path, 'r');
    try {
      await ipset.restore({ fd: reader.fd });
    } finally {
      await reader.close();
    }
  } finally {
    await rm(dir, { recursive: true });
  }
}
