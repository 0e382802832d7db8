import {
  appendFileSync,
  copyFileSync,
  mkdtempSync,
  renameSync,
  rmSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ServerZone } from '../../server/index.ts';
import { LogReader, type ReadPosition } from './log-reader.ts';

describe('the reader of the log', () => {
  let dir: string;
  let path: string;
  let zone: ServerZone;
  let reader: LogReader;
  let position: ReadPosition | null;
  let hasGap: boolean;
  let written = 0;

  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'bangui-log-'));
    path = join(dir, 'fail2ban.log');
    zone = new ServerZone();
    reader = new LogReader(zone);
    position = null;
    hasGap = false;
    written = 0;
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  const line = (address: string, words = 'Ban') => {
    written += 1;
    const time = new Date(Date.UTC(2026, 10, 22, 12, 0, written)).toISOString().slice(0, 19).replace('T', ' ');
    return `${time},000 fail2ban.actions        [1742]: NOTICE  [web] ${words} ${address}\n`;
  };
  const write = (...addresses: string[]) => {
    for (const address of addresses) appendFileSync(path, line(address));
  };
  /** Everything up to the end. */
  const readAll = async (): Promise<string[]> => {
    const addresses: string[] = [];
    for (;;) {
      const piece = await reader.read(path, position);
      position = piece.position;
      hasGap ||= piece.hasGap;
      addresses.push(...piece.entries.map((entry) => entry.line.address));
      if (piece.isAtEnd) return addresses;
    }
  };

  it('reads each line once, a half written one when it is complete', async () => {
    write('192.0.2.1', '192.0.2.2');
    const half = line('192.0.2.3');
    appendFileSync(path, half.slice(0, 30));
    expect(await readAll()).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(await readAll()).toEqual([]);
    appendFileSync(path, half.slice(30));
    expect(await readAll()).toEqual(['192.0.2.3']);
  });

  it('goes on behind any entry, so that a piece can be taken in parts', async () => {
    write('192.0.2.1', '192.0.2.2', '192.0.2.3');
    const { entries } = await reader.read(path, null);
    position = entries[1]?.position ?? null;
    expect(await readAll()).toEqual(['192.0.2.3']);
  });

  it('reads a renamed file to its end before the new one', async () => {
    write('192.0.2.1');
    await readAll();
    write('192.0.2.2');
    renameSync(path, `${path}.1`);
    expect(await readAll()).toEqual(['192.0.2.2']);
    // fail2ban was not told yet.
    writeFileSync(path, '');
    appendFileSync(`${path}.1`, line('192.0.2.3'));
    expect(await readAll()).toEqual(['192.0.2.3']);
    write('192.0.2.4');
    expect(await readAll()).toEqual(['192.0.2.4']);
    expect(hasGap).toBe(false);
  });

  it('finds the way through two rotations', async () => {
    write('192.0.2.1');
    await readAll();
    write('192.0.2.2');
    renameSync(path, `${path}.2`);
    utimesSync(`${path}.2`, 1_000, 1_000);
    write('192.0.2.3');
    renameSync(path, `${path}.1`);
    utimesSync(`${path}.1`, 2_000, 2_000);
    write('192.0.2.4');
    expect(await readAll()).toEqual(['192.0.2.2', '192.0.2.3', '192.0.2.4']);
    expect(hasGap).toBe(false);
  });

  it('goes on in the copy of a file that was copied and emptied', async () => {
    write('192.0.2.1');
    await readAll();
    write('192.0.2.2');
    copyFileSync(path, `${path}.1`);
    truncateSync(path);
    write('192.0.2.3');
    expect(await readAll()).toEqual(['192.0.2.2', '192.0.2.3']);
    expect(hasGap).toBe(false);
  });

  it('says so when lines are gone, and begins anew', async () => {
    write('192.0.2.1');
    await readAll();
    rmSync(path);
    write('192.0.2.3');
    expect(await readAll()).toEqual(['192.0.2.3']);
    expect(hasGap).toBe(true);
  });

  it('is not led astray by a compressed or foreign file beside it', async () => {
    write('192.0.2.1');
    await readAll();
    writeFileSync(`${path}.2.gz`, line('198.51.100.1'));
    writeFileSync(`${path}.bak`, line('198.51.100.2'));
    renameSync(path, `${path}.1`);
    write('192.0.2.2');
    expect(await readAll()).toEqual(['192.0.2.2']);
  });

  it('can begin at the end', async () => {
    write('192.0.2.1');
    ({ position } = await reader.read(path, null, 'end'));
    write('192.0.2.2');
    expect(await readAll()).toEqual(['192.0.2.2']);
  });

  it('skips lines of any length and bytes of any kind in bounded pieces', async () => {
    write('192.0.2.1');
    appendFileSync(path, Buffer.concat([Buffer.alloc(1_500_000, 'x'), Buffer.from(line('192.0.2.66'))]));
    appendFileSync(path, Buffer.from([0xff, 0xfe, 0x00, 0x1b, 0x5b, 0x33, 0x31, 0x6d, 0xed, 0xa0, 0x80, 0x0a]));
    write('192.0.2.2');
    expect(await readAll()).toEqual(['192.0.2.1', '192.0.2.2']);
  });

  it('measures the zone of fail2ban from the last line and the time it was written', async () => {
    const now = Math.floor(Date.now() / 60_000) * 60_000;
    const local = new Date(now + 5.5 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    writeFileSync(path, `${local},000 fail2ban.actions        [1742]: NOTICE  [web] Ban 192.0.2.1\n`);
    utimesSync(path, now / 1000, now / 1000);
    const { entries } = await reader.read(path, null);
    expect(entries[0]?.at).toBe(now);
  });

  it('rejects when there is nothing to read', async () => {
    await expect(reader.read(path, null)).rejects.toThrow('ENOENT');
  });
});
