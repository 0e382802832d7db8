import { type FileHandle, mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { linesBefore } from './lines-before.ts';

describe('linesBefore', () => {
  let dir: string;
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'bangui-lines-'));
  });
  afterAll(() => rm(dir, { recursive: true }));

  async function withFile<T>(
    content: string | Buffer,
    use: (handle: FileHandle, size: number) => Promise<T>,
  ): Promise<T> {
    const path = join(dir, 'file.log');
    await writeFile(path, content);
    const handle = await open(path, 'r');
    try {
      return await use(handle, (await handle.stat()).size);
    } finally {
      await handle.close();
    }
  }

  const limits = { maxLines: 10, maxBytes: 1_000 };

  it('gives the last lines, oldest first, and where they begin', async () => {
    const { lines, from } = await withFile('one\ntwo\r\nthree\n', (handle, size) =>
      linesBefore(handle, size, { ...limits, maxLines: 2 }),
    );
    expect(lines).toEqual([
      { at: 4, bytes: 5, text: 'two' },
      { at: 9, bytes: 6, text: 'three' },
    ]);
    expect(from).toBe(4);
  });

  it('goes on before a position, down to the beginning', async () => {
    const { lines, from } = await withFile('one\ntwo\nthree\n', (handle) => linesBefore(handle, 8, limits));
    expect(lines.map(({ text }) => text)).toEqual(['one', 'two']);
    expect(from).toBe(0);
  });

  it('gives what stands after the last line end, and nothing of an empty file', async () => {
    const last = await withFile('one\ntw', (handle, size) => linesBefore(handle, size, limits));
    expect(last.lines.map(({ text }) => text)).toEqual(['one', 'tw']);
    expect(await withFile('', (handle) => linesBefore(handle, 0, limits))).toEqual({ lines: [], from: 0 });
  });

  it('reads no further back than it may, and drops the piece of a line that is there', async () => {
    const content = `${'x'.repeat(50)}\n${'y'.repeat(20)}\n`;
    const { lines, from } = await withFile(content, (handle, size) =>
      linesBefore(handle, size, { maxLines: 10, maxBytes: 30 }),
    );
    expect(lines.map(({ text }) => text)).toEqual(['y'.repeat(20)]);
    expect(from).toBe(51);
  });

  it('gives a line that is longer than it may read in pieces', async () => {
    const content = `${'x'.repeat(500_000)}\n`;
    await withFile(content, async (handle, size) => {
      let before = size;
      let length = 0;
      for (let turn = 0; before > 0 && turn < 20; turn += 1) {
        const { lines, from } = await linesBefore(handle, before, { maxLines: 10, maxBytes: 100_000 });
        length += lines.reduce((sum, { bytes }) => sum + bytes, 0);
        before = from;
      }
      expect(length).toBe(size);
    });
  });

  it('takes any bytes for text', async () => {
    const { lines } = await withFile(Buffer.from([0xff, 0, 0x0a, 0xc3]), (handle, size) =>
      linesBefore(handle, size, limits),
    );
    expect(lines.map(({ text }) => text)).toEqual(['\ufffd\0', '\ufffd']);
  });

  it('finds lines over more than one chunk', async () => {
    const rows = Array.from({ length: 20_000 }, (_, index) => `line ${index}`);
    const { lines } = await withFile(`${rows.join('\n')}\n`, (handle, size) =>
      linesBefore(handle, size, { maxLines: 15_000, maxBytes: 10_000_000 }),
    );
    expect(lines.map(({ text }) => text)).toEqual(rows.slice(-15_000));
  });
});
