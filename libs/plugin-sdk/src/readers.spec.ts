import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { csvColumn, csvRows } from './csv.ts';
import { jsonItems } from './json-items.ts';
import { json, jsonLines } from './json.ts';
import { lines } from './lines.ts';
import { MalformedFeed } from './malformed-feed.ts';
import { bodyOf, cut } from './testing/bodies.ts';

async function list<Value>(values: AsyncIterable<Value>): Promise<Value[]> {
  const all: Value[] = [];
  for await (const value of values) all.push(value);
  return all;
}

describe('lines', () => {
  it('gives every line without its end, whatever the chunks are', async () => {
    const text = '\uFEFFone\r\n\ntwo ü€\nthree';
    for (const size of [1, 2, 3, 100]) {
      expect(await list(lines(cut(text, size)))).toEqual(['one', '', 'two ü€', 'three']);
    }
  });

  it('reads chunks of any size', async () => {
    const all = Array.from({ length: 50_000 }, (_, index) => `line ${index}`);
    expect(await list(lines(bodyOf(all.join('\n'))))).toEqual(all);
  });

  it('measures lines in bytes', async () => {
    expect(await list(lines(bodyOf('€€\n'), { maxLineBytes: 6 }))).toEqual(['€€']);
    await expect(list(lines(bodyOf('€€x\n'), { maxLineBytes: 6 }))).rejects.toThrow(MalformedFeed);
    await expect(list(lines(cut('€€x', 1), { maxLineBytes: 6 }))).rejects.toThrow(MalformedFeed);
  });
});

describe('json', () => {
  it('reads a document', async () => {
    expect(await json(cut('\uFEFF{"a":[1]}', 1))).toEqual({ a: [1] });
  });

  it.each([
    ['too large', '[1,2,3,4,5,6]', { maxBytes: 10 }],
    ['too deep', '[[[1]]]', { maxDepth: 2 }],
    ['cut off', '{"a":', {}],
    ['compressed', Buffer.from([0x1f, 0x8b, 8]), {}],
  ])('refuses a document that is %s', async (_name, text, options) => {
    await expect(json(bodyOf(text), options)).rejects.toThrow(MalformedFeed);
  });

  it('does not count brackets in texts as nesting', async () => {
    expect(await json(bodyOf(String.raw`{"a":"[[[[\"[[["}`), { maxDepth: 1 })).toEqual({ a: '[[[["[[[' });
  });
});

describe('jsonLines', () => {
  it('gives a value for each line that is not empty', async () => {
    expect(await list(jsonLines(cut('{"a":1}\r\n\n[2]\n3', 2)))).toEqual([{ a: 1 }, [2], 3]);
  });

  it('refuses a line that is no JSON or too deep', async () => {
    await expect(list(jsonLines(bodyOf('{"a":1}\n{')))).rejects.toThrow(MalformedFeed);
    await expect(list(jsonLines(bodyOf('[[1]]'), { maxDepth: 1 }))).rejects.toThrow('deeper');
  });
});

describe('jsonItems', () => {
  it('gives what JSON.parse finds at the path, whatever the chunks are', async () => {
    const value = fc.jsonValue({ maxDepth: 3 });
    await fc.assert(
      fc.asyncProperty(
        fc.array(value, { maxLength: 6 }),
        value,
        fc.constantFrom(0, 1, 4),
        fc.integer({ min: 1, max: 20 }),
        fc.boolean(),
        async (items, other, indent, size, hasMark) => {
          const documents = [
            { path: [], document: items },
            {
              path: ['data', 'a"{é'],
              document: { first: other, data: { 'x[]': [other], 'a"{é': items, z: other }, last: [other] },
            },
          ];
          for (const { path, document } of documents) {
            const text = `${hasMark ? '\uFEFF' : ''}${JSON.stringify(document, null, indent)}\n`;
            expect(await list(jsonItems(cut(text, size), { path }))).toEqual(JSON.parse(JSON.stringify(items)));
          }
        },
      ),
    );
  });

  it('does not take an array elsewhere for the one at the path', async () => {
    const document = { other: { list: [1] }, data: { deep: { list: [2] }, list: [3] }, list: [4] };
    expect(await list(jsonItems(bodyOf(JSON.stringify(document)), { path: ['data', 'list'] }))).toEqual([3]);
  });

  it.each([
    ['cut off in an item', '[{"a":1},{"a'],
    ['cut off after an item', '[1,2'],
    ['cut off after a comma', '[1,'],
    ['empty', ''],
    ['two bytes of nothing', '['],
    ['an object where the array should be', '{"a":1}'],
    ['a text', '"[1]"'],
    ['followed by something', '[1] 2'],
    ['closed wrongly', '[1}'],
    ['without an item between commas', '[1,,2]'],
    ['without an item after a comma', '[1,]'],
    ['without a comma', '[{} {}]'],
    ['with a broken item', '[{"a":}]'],
    ['HTML', '<html>[1]</html>'],
    ['compressed', Buffer.from([0x1f, 0x8b, 8, 0])],
  ])('refuses a document that is %s', async (_name, text) => {
    await expect(list(jsonItems(bodyOf(text)))).rejects.toThrow(MalformedFeed);
    await expect(list(jsonItems(cut(text, 1)))).rejects.toThrow(MalformedFeed);
  });

  it('bounds items, names and nesting', async () => {
    const long = 'x'.repeat(100);
    await expect(list(jsonItems(bodyOf(`["${long}"]`), { maxItemBytes: 50 }))).rejects.toThrow('50 bytes');
    await expect(list(jsonItems(bodyOf(`{"${long}":[]}`), { path: ['a'], maxItemBytes: 50 }))).rejects.toThrow(
      '50 bytes',
    );
    await expect(list(jsonItems(bodyOf('['.repeat(50)), { maxDepth: 10 }))).rejects.toThrow('10 levels');
  });

  it('skips long texts outside the array', async () => {
    const document = { note: 'x'.repeat(1000), list: [1] };
    expect(await list(jsonItems(bodyOf(JSON.stringify(document)), { path: ['list'], maxItemBytes: 10 }))).toEqual([1]);
  });
});

describe('csvRows', () => {
  it('reads quoted cells with separators, line breaks and quotes', async () => {
    const text = '# note\na,b,c\r\n"1,5","two\nlines","a ""quote"""\n\n,,\n';
    for (const size of [1, 7, 100]) {
      expect(await list(csvRows(cut(text, size)))).toEqual([
        ['a', 'b', 'c'],
        ['1,5', 'two\nlines', 'a "quote"'],
        ['', '', ''],
      ]);
    }
  });

  it('gives back what was written', async () => {
    const quote = (cell: string) => `"${cell.replaceAll('"', '""')}"`;
    const cell = fc.string({ unit: fc.constantFrom('a', '"', ',', '\n', ' ', 'é', '#') });
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(cell, { minLength: 1, maxLength: 4 }), { maxLength: 5 }), async (rows) => {
        const text = rows.map((row) => row.map(quote).join(',')).join('\n');
        expect(await list(csvRows(cut(text, 5)))).toEqual(rows);
      }),
    );
  });

  it('bounds a row, also one that grows by line breaks in quotes', async () => {
    await expect(list(csvRows(bodyOf(`"${'x\n'.repeat(100)}`), { maxRowBytes: 50 }))).rejects.toThrow('50 bytes');
    await expect(list(csvRows(bodyOf('"open')))).rejects.toThrow('never closed');
  });
});

describe('csvColumn', () => {
  it('finds a column by its place or its name', async () => {
    const table = 'Time;Source IP\n1;192.0.2.1\n2\n';
    expect(await list(csvColumn(bodyOf(table), { column: 'source ip', separator: ';' }))).toEqual(['192.0.2.1', '']);
    expect(await list(csvColumn(bodyOf(table), { column: 1, separator: ';' }))).toEqual(['Time', '1', '2']);
    expect(await list(csvColumn(bodyOf(table), { column: 1, separator: ';', hasHeader: true }))).toEqual(['1', '2']);
  });

  it('refuses a table without the named column', async () => {
    await expect(list(csvColumn(bodyOf('a,b\n1,2\n'), { column: 'c' }))).rejects.toThrow('no column "c"');
  });
});
