import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { firstLine } from './first-line.ts';

const from = (...chunks: string[]): Promise<string> =>
  firstLine(
    Readable.from(
      chunks.map((chunk) => Buffer.from(chunk)),
      { objectMode: false },
    ),
  );

describe('firstLine', () => {
  it('ends at the end of a line or of the input', async () => {
    expect(await from('pass', 'wörd\r\nmore')).toBe('passwörd');
    expect(await from('password')).toBe('password');
    expect(await from()).toBe('');
  });

  it('stops reading what has no end', async () => {
    const endless = new Readable({
      read() {
        this.push(Buffer.alloc(1_000, 'x'));
      },
    });
    expect(await firstLine(endless)).toHaveLength(4_096);
    expect(endless.destroyed).toBe(true);
  });
});
