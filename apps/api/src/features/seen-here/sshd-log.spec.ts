import { appendFile, mkdir, mkdtemp, rm, symlink, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseAcceptedLine } from './sshd-line.ts';
import { readSshdLog, usualLimits } from './sshd-log.ts';

const day = 86_400_000;
const now = Date.UTC(2026, 10, 22, 12);
const since = now - 30 * day;
const packed = promisify(gzip);

const line = (address: string, at = now - day): string =>
  `${new Date(at).toISOString()} host sshd[71]: Accepted publickey for root from ${address} port 50022 ssh2: ED25519 SHA256:x\n`;

describe('a line of sshd', () => {
  it.each([
    ['2026-11-22T12:00:00.123456+01:00 h sshd[7]: Accepted password for a from 203.0.113.7 port 4 ssh2', '203.0.113.7'],
    [
      '2026-11-22T12:00:00Z h sshd-session[7]: Accepted publickey for a from 2001:DB8::9 port 4 ssh2: RSA x',
      '2001:db8::9',
    ],
    [
      'Nov  2 12:00:00 h sshd[7]: Accepted keyboard-interactive/pam for a from ::ffff:203.0.113.7 port 4 ssh2',
      '203.0.113.7',
    ],
  ])('tells who was accepted: %s', (text, address) => {
    expect(parseAcceptedLine(text, now)?.address).toBe(address);
  });

  it.each([
    'Nov 22 12:00:00 h sshd[7]: Failed password for invalid user Accepted password for a from 6.6.6.6 port 1 ssh2',
    'Nov 22 12:00:00 h sshd[7]: Invalid user h sshd[7]: Accepted password for a from 6.6.6.6 port 1 ssh2 from 203.0.113.9 port 5',
    'Nov 22 12:00:00 h su[7]: sshd[7]: Accepted password for a from 6.6.6.6 port 1 ssh2',
    'Nov 22 12:00:00 h ftpd[7]: user Nov 22 12:00:00 h sshd[7]: Accepted password for a from 6.6.6.6 port 1 ssh2',
    'Nov 22 12:00:00 h sshd[7]: Accepted password for a from 6.6.6.0/8 port 1 ssh2',
    'Nov 22 12:00:00 h sshd[7]: Accepted password for a from UNKNOWN port 1 ssh2',
    'Feb 31 12:00:00 h sshd[7]: Accepted password for a from 6.6.6.6 port 1 ssh2',
    `Nov 22 12:00:00 h sshd[7]: Accepted password for ${'a'.repeat(2000)} from 6.6.6.6 port 1 ssh2`,
  ])('tells nothing when a stranger wrote it, or it is broken: %s', (text) => {
    expect(parseAcceptedLine(text, now)).toBeUndefined();
  });

  it('is of the last year in which its file can have been written', () => {
    const at = (text: string, writtenBefore: number): number | undefined =>
      parseAcceptedLine(`${text} 12:00:00 h sshd[7]: Accepted password for a from 6.6.6.6 port 1 ssh2`, writtenBefore)
        ?.at;
    expect(at('Nov 21', now)).toBe(new Date(2026, 10, 21, 12).getTime());
    expect(at('Dec 31', Date.UTC(2027, 0, 2))).toBe(new Date(2026, 11, 31, 12).getTime());
    expect(at('Feb 29', Date.UTC(2028, 5, 2))).toBe(new Date(2028, 1, 29, 12).getTime());
  });
});

describe('the log of sshd', () => {
  let dir: string;
  let log: string;
  const write = async (name: string, content: string | Buffer, at = now): Promise<void> => {
    await writeFile(join(dir, name), content);
    await utimes(join(dir, name), at / 1000, at / 1000);
  };
  const addresses = async (limits = usualLimits): Promise<[string, string[]]> => {
    const { state, lines } = await readSshdLog(log, since, limits);
    return [state, lines.map(({ address }) => address)];
  };

  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-sshd-'));
    log = join(dir, 'auth.log');
  });
  afterEach(() => rm(dir, { recursive: true, force: true }));

  it('is read with its rotated files, packed or not, for as long as asked', async () => {
    await write('auth.log', `${line('203.0.113.1')}${line('203.0.113.9', since - 1)}`);
    await write('auth.log.1', line('203.0.113.2'), now - day);
    await write('auth.log.2.gz', await packed(line('203.0.113.3')), now - 2 * day);
    await write('auth.log-20261119.gz', await packed(line('203.0.113.4')), now - 3 * day);
    await write('auth.log.9.gz', await packed(line('203.0.113.8')), since - day);
    await write('auth.log.bak', line('203.0.113.7'));
    await write('other.log', line('203.0.113.6'));
    expect(await addresses()).toEqual(['read', ['203.0.113.1', '203.0.113.2', '203.0.113.3', '203.0.113.4']]);
  });

  it('is read whatever else stands in it: bytes that are no text, lines without an end, half a line at the end', async () => {
    const noise = Buffer.alloc(600_000, 0xff);
    await write(
      'auth.log',
      Buffer.concat([Buffer.from(line('203.0.113.1')), noise, Buffer.from(`\n${line('203.0.113.2')}`)]),
    );
    await appendFile(log, `x${'y'.repeat(300_000)}${line('203.0.113.9')}${line('203.0.113.3').trimEnd()}`);
    expect(await addresses()).toEqual(['read', ['203.0.113.1', '203.0.113.2', '203.0.113.3']]);
  });

  it('is cut to its newest part when it is too long, also one that unpacks to more than it is', async () => {
    await write('auth.log', `${line('203.0.113.1')}${'#'.repeat(10_000)}\n${line('203.0.113.2')}`);
    expect(await addresses({ ...usualLimits, bytes: 1_000 })).toEqual(['partly', ['203.0.113.2']]);
    expect(await addresses({ ...usualLimits, lines: 1 })).toEqual(['partly', ['203.0.113.1']]);
    await write('auth.log', '');
    await write(
      'auth.log.1.gz',
      await packed(Buffer.concat([Buffer.alloc(50_000_000), Buffer.from(line('203.0.113.3'))])),
    );
    expect(await addresses({ ...usualLimits, bytes: 1_000_000 })).toEqual(['partly', []]);
  });

  it('is read as far as it goes when a rotated file is broken', async () => {
    await write('auth.log', line('203.0.113.1'));
    await write('auth.log.1.gz', (await packed(line('203.0.113.2').repeat(5_000))).subarray(0, 200));
    const [state, found] = await addresses();
    expect([state, found[0]]).toEqual(['partly', '203.0.113.1']);
  });

  it('says whether there is none or it cannot be read', async () => {
    expect(await addresses()).toEqual(['missing', []]);
    await mkdir(log);
    expect(await addresses()).toEqual(['unreadable', []]);
    await rm(log, { recursive: true });
    await symlink(join(dir, 'nowhere'), log);
    expect(await addresses()).toEqual(['missing', []]);
  });
});
