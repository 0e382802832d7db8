import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addressBatches, addressLines, type AddressLineOptions } from './address-lines.ts';
import { MalformedFeed } from './malformed-feed.ts';
import type { EntryBatch } from './source.ts';
import { bodyOf, cut } from './testing/bodies.ts';
import { unpack } from './unpack.ts';

/** Addresses as `family:first-last`, and the number of invalid lines. */
async function read(batches: AsyncIterable<EntryBatch>) {
  const entries: string[] = [];
  let invalid = 0;
  for await (const batch of batches) {
    for (const { family, first, last } of unpack(batch)) entries.push(`${family}:${first}-${last}`);
    invalid += batch.invalid;
  }
  return { entries: entries.sort(), invalid };
}

const readLines = (text: string, options?: AddressLineOptions) => read(addressLines(bodyOf(text), options));

describe('addressLines', () => {
  it('reads addresses, networks, ranges and comments, and counts what is none', async () => {
    const text = '# head\n\n 192.0.2.1 \n192.0.2.0/30 ; note\nnot one\n192.0.2.1 trailing\n2001:db8::1\r\n;tail';
    expect(await readLines(text)).toEqual({
      entries: [
        `4:3221225984-3221225987`,
        '4:3221225985-3221225985',
        '6:42540766411282592856903984951653826561-42540766411282592856903984951653826561',
      ],
      invalid: 2,
    });
  });

  it('lets anything follow the address where that is the format', async () => {
    const text = '0.0.0.1 name\n0.0.0.2,7\n0.0.0.3\t5\n0.0.0.4x\n';
    expect(await readLines(text, { after: 'anything' })).toEqual({
      entries: ['4:1-1', '4:2-2', '4:3-3'],
      invalid: 1,
    });
  });

  it('takes only the comment characters it is told', async () => {
    expect(await readLines('0.0.0.1 ; x\n0.0.0.2 # y\n', { comments: '#' })).toEqual({
      entries: ['4:2-2'],
      invalid: 1,
    });
  });

  it('gives the same whatever the chunks are', async () => {
    const line = fc.oneof(
      fc.ipV4(),
      fc.ipV6(),
      fc.ipV4Extended(),
      fc.constantFrom('', '# note', '192.0.2.0/24', '192.0.2.1-192.0.2.5 # x', 'junk', ' 2001:db8::/32 '),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.array(line, { maxLength: 30 }).map((lines) => ['192.0.2.1', ...lines]),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.integer({ min: 1, max: 40 }),
        async (lines, end, hasMark, size) => {
          const text = `${hasMark ? '\uFEFF' : ''}${lines.join(end)}`;
          const whole = await readLines(lines.join('\n'));
          expect(await read(addressLines(cut(text, size)))).toEqual(whole);
        },
      ),
    );
  });

  it('splits a long list into bounded batches', async () => {
    const text = Array.from({ length: 20_000 }, (_, index) => `10.0.${index >> 8}.${index & 255}\n`).join('');
    const sizes: number[] = [];
    for await (const { hosts4 } of addressLines(bodyOf(text))) sizes.push(hosts4.length);
    expect(sizes).toEqual([8192, 8192, 3616]);
  });

  it('gives nothing for an empty list', async () => {
    expect(await readLines('')).toEqual({ entries: [], invalid: 0 });
    expect(await readLines('# nothing today\n\n')).toEqual({ entries: [], invalid: 0 });
  });

  it.each([
    ['HTML', ' \n<html>\n192.0.2.1\n'],
    ['UTF-16', Buffer.from('\uFEFF192.0.2.1\n', 'utf16le')],
    ['gzip', Buffer.from([0x1f, 0x8b, 8, 0, 10])],
    ['a sentence', 'Try again later.\n'],
    ['a hundred lines without an address', 'x\n'.repeat(100) + '192.0.2.1\n'.repeat(1000)],
    ['a line that is too long', `192.0.2.1 #${'x'.repeat(5000)}\n`],
    ['a line that is too long and never ends', `192.0.2.1\n#${'x'.repeat(5000)}`],
  ])('refuses %s', async (_name, text) => {
    await expect(read(addressLines(bodyOf(text)))).rejects.toThrow(MalformedFeed);
    await expect(read(addressLines(cut(text, 3)))).rejects.toThrow(MalformedFeed);
  });

  it('measures a line without its end, whatever the chunks are', async () => {
    const fits = `0.0.0.1${' '.repeat(9)}\n`;
    for (const size of [1, 5, 100]) {
      expect(await read(addressLines(cut(fits, size), { maxLineBytes: 16 }))).toEqual({
        entries: ['4:1-1'],
        invalid: 0,
      });
      await expect(read(addressLines(cut(` ${fits}`, size), { maxLineBytes: 16 }))).rejects.toThrow('16 bytes');
    }
  });

  it('refuses a comment character that cannot be one', async () => {
    await expect(readLines('', { comments: '\n' })).rejects.toThrow(RangeError);
  });
});

describe('addressBatches', () => {
  it('packs texts and counts what is no address', async () => {
    const texts = [' 0.0.0.1 ', '0.0.0.2-0.0.0.4', '', 'é', '0.0.0.9 x', '1'.repeat(500)];
    expect(await read(addressBatches(texts))).toEqual({ entries: ['4:1-1', '4:2-4'], invalid: 4 });
  });

  it('refuses texts without a single address', async () => {
    await expect(read(addressBatches(['a', 'b']))).rejects.toThrow(MalformedFeed);
  });
});
