import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { EditableFile, NotUtf8, UnwritableChange } from './editable-file.ts';
import { FileTooLarge } from './ini-file.ts';
import { parserReadings } from './testing/fail2ban-reader.ts';
import { stockConfigDir } from './testing/programs.ts';
import { iniTexts } from './testing/texts.ts';

const edits = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 10_000 : 2_000;

/** Every file of Debian's own configuration. */
async function stockFiles(): Promise<{ readonly path: string; readonly text: string }[]> {
  const paths = await readdir(stockConfigDir(), { recursive: true });
  const files = paths.filter((path) => path.endsWith('.conf') || path.endsWith('.local'));
  return Promise.all(
    files.map(async (path) => ({ path, text: EditableFile.decode(await readFile(join(stockConfigDir(), path))) })),
  );
}

test('prints any text as it was parsed', () => {
  fc.assert(
    fc.property(fc.oneof(iniTexts, fc.string({ unit: 'binary' })), (text) => {
      expect(EditableFile.parse(text).print()).toBe(text);
    }),
  );
});

test('keeps every byte of a file, byte order mark included, and refuses what is not UTF-8', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      let text: string;
      try {
        text = EditableFile.decode(bytes);
      } catch (error) {
        expect(error).toBeInstanceOf(NotUtf8);
        expect(Buffer.from(bytes).toString('utf8')).toContain('\ufffd');
        return;
      }
      expect([...Buffer.from(EditableFile.parse(text).print())]).toEqual([...bytes]);
    }),
    { examples: [[Uint8Array.from([0xef, 0xbb, 0xbf, 0x5b, 0x61, 0x5d])], [Uint8Array.from([0xe9])]] },
  );
});

test("prints every file of Debian's configuration as it is, also after each option was set to its own value", async () => {
  const files = await stockFiles();
  expect(files.length).toBeGreaterThan(150);
  for (const { path, text } of files) {
    const file = EditableFile.parse(text);
    expect(file.problems, path).toEqual([]);
    expect(file.print(), path).toBe(text);
    for (const { name, options } of file.sections) {
      for (const option of options) expect(file.withOption(name, option.name, option.value).print(), path).toBe(text);
    }
  }
});

test("changes only the last line of a value in Debian's configuration when that is what changed, and back without a trace", async () => {
  for (const { path, text } of await stockFiles()) {
    const file = EditableFile.parse(text);
    for (const { name, options } of file.sections) {
      for (const option of options) {
        const changed = file.withOption(name, option.name, `${option.value}x`);
        expect(differentLines(text, changed.print()), `${path} ${option.name}`).toEqual([option.lastLine]);
        expect(changed.withOption(name, option.name, option.value).print(), `${path} ${option.name}`).toBe(text);
      }
    }
  }
});

test("adds options and sections to every file of Debian's configuration, and takes them away without a trace", async () => {
  for (const { path, text } of await stockFiles()) {
    const file = EditableFile.parse(text);
    for (const { name } of file.sections) {
      const changed = file.withOption(name, 'added', 'one\n\ntwo');
      expect(changed.option(name, 'added')?.value).toBe('one\n\ntwo');
      expect(changed.withoutOption(name, 'added').print(), path).toBe(text);
    }
    const changed = file.withOption('added', 'added', '1');
    expect(changed.print().startsWith(text), path).toBe(true);
    expect(changed.withoutSection('added').print(), path).toBe(text);
  }
});

/** Lines, from 1, in which two texts of the same number of lines differ. */
function differentLines(before: string, after: string): number[] {
  const left = before.split('\n');
  const right = after.split('\n');
  expect(right.length).toBe(left.length);
  return left.flatMap((line, index) => (line === right[index] ? [] : [index + 1]));
}

const values = fc.oneof(
  fc.constantFrom(
    '',
    '1',
    'a;b',
    'a ;b',
    ' a',
    'a ',
    '#a',
    ';a',
    'a\n#b',
    'a\n b',
    'a\n\nb',
    '\na',
    'a\n',
    '\n',
    '[x]',
    'a\n[x]',
  ),
  fc.constantFrom(
    'x = 1',
    'a\nx = 1',
    'a\rb',
    'a\r\nb',
    '\u0000',
    '\ud800',
    'a\u00a0',
    '\u0085',
    'é',
    'a\n;b',
    '\ufeffa',
    'a\u2028b',
  ),
  fc
    .array(fc.string({ unit: fc.constantFrom('a', 'b', ' ', ';', '#', '=', '[', ']', '%', '\t') }), { maxLength: 4 })
    .map((lines) => lines.join('\n')),
  fc.string({ unit: 'binary', maxLength: 10 }),
);
const names = fc.constantFrom('x', 'Y', 'z.a', 'new', '', ' x', '#x', 'a=b', '[n', 'long name', 'n ', 'a\nb', ';');
const goodTexts = iniTexts.filter((text) => EditableFile.parse(text).problems.length === 0);
const sectionNames = fc.constantFrom('a', 'b', 'DEFAULT', 'new', '', ']', 'a\nb', 'n ; m', ' s ');

test(
  "writes a value so that fail2ban's own parser reads back exactly it and all else as before, or refuses it",
  { timeout: 120_000 },
  async () => {
    const before: string[] = [];
    const after: string[] = [];
    const changes: { section: string; name: string; value: string | undefined }[] = [];
    let refused = 0;
    for (const [text, section, name, value] of fc.sample(
      fc.tuple(goodTexts, sectionNames, names, fc.option(values, { nil: undefined })),
      edits,
    )) {
      try {
        const file = EditableFile.parse(text);
        const changed = value === undefined ? file.withoutOption(section, name) : file.withOption(section, name, value);
        before.push(text);
        after.push(changed.print());
        changes.push({ section, name: name.toLowerCase(), value });
      } catch (error) {
        expect(error).toBeInstanceOf(UnwritableChange);
        refused++;
      }
    }
    expect(refused).toBeLessThan(edits * 0.9);
    const readings = await parserReadings([...before, ...after]);
    for (const [index, { section, name, value }] of changes.entries()) {
      const was = { ...readings[index]?.sections };
      if (value !== undefined) was[section] = { ...was[section], [name]: value };
      else if (was[section])
        was[section] = Object.fromEntries(Object.entries(was[section]).filter(([key]) => key !== name));
      const detail = JSON.stringify([before[index], section, name, value, after[index]]);
      expect(readings[changes.length + index]?.sections, detail).toEqual(was);
    }
  },
);

test('keeps comments and lines that need not change', () => {
  const text = '[a]\nregex = one ; first\n   # second\n   two\n\n   three ; third\nnext = 1\n';
  const file = EditableFile.parse(text);
  expect(file.withOption('a', 'regex', 'one\n2\n\nthree').print()).toBe(text.replace('two', '2'));
  expect(file.withOption('a', 'regex', '1\ntwo\n\nthree').print()).toBe(text.replace('one', '1'));
  expect(file.withOption('a', 'regex', 'one\ntwo\n\nthree\nfour').print()).toBe(text.replace('next', '   four\nnext'));
  expect(file.withOption('a', 'regex', 'one\n\nthree').print()).toBe(text.replace('   two\n', ''));
  expect(file.withOption('a', 'regex', 'one').print()).toBe('[a]\nregex = one ; first\n   # second\nnext = 1\n');
  expect(file.withoutOption('a', 'regex').print()).toBe('[a]\n   # second\nnext = 1\n');
});

test('keeps line endings and the missing one at the end of a file', () => {
  expect(EditableFile.parse('[a]\r\nx = 1\r\n').withOption('a', 'y', '2\n3').print()).toBe(
    '[a]\r\nx = 1\r\ny = 2\r\n    3\r\n',
  );
  const file = EditableFile.parse('[a]\nx = 1');
  const changed = file.withOption('a', 'y', '2').withOption('b', 'z', '3');
  expect(changed.print()).toBe('[a]\nx = 1\ny = 2\n\n[b]\nz = 3');
  expect(changed.withoutSection('b').withoutOption('a', 'y').print()).toBe('[a]\nx = 1');
  expect(EditableFile.parse('').withOption('a', 'x', '1').print()).toBe('[a]\nx = 1\n');
});

test('empties an option and fills it again without a trace', () => {
  for (const text of [
    '[a]\nx =\n',
    '[a]\nx = \n',
    '[a]\nx = 1\n',
    '[a]\nx = 1 ; note\n',
    '[a]\nx = ; note\n',
    '[a]\nx: 1\n',
  ]) {
    const file = EditableFile.parse(text);
    const value = file.option('a', 'x')?.value ?? '';
    const other = file.withOption('a', 'x', value === '' ? 'v' : '');
    expect(other.print()).not.toBe(text);
    expect(other.withOption('a', 'x', value).print()).toBe(text);
  }
});

test('changes nothing where there is nothing to change', () => {
  const file = EditableFile.parse('[a]\nx = 1\n');
  expect(file.withOption('a', 'X', '1')).toBe(file);
  expect(file.withoutOption('a', 'y')).toBe(file);
  expect(file.withoutSection('b')).toBe(file);
  expect(file.withSection('a')).toBe(file);
});

test('does not change a file that fail2ban would refuse', () => {
  const file = EditableFile.parse('[a]\nx = 1\nx = 2\n');
  expect(file.problems).toMatchObject([{ line: 3, kind: 'duplicate-option' }]);
  expect(() => file.withOption('a', 'y', '1')).toThrow(UnwritableChange);
  expect(() => file.withoutOption('a', 'x')).toThrow('Line 3');
});

test('refuses a change that would turn the next line into something else', () => {
  // Without `x` the indented `y` would continue `w`.
  const file = EditableFile.parse('[a]\nw = 0\n[b]\n    x = 1\n  y = 2\n');
  expect(file.withoutOption('b', 'x').print()).not.toContain('x = 1');
  const other = EditableFile.parse('[a]\n  w = 0\n x = 1\n  z\n# c\n');
  expect(other.withOption('a', 'new', '1').option('a', 'x')?.value).toBe('1\nz');
  expect(() => EditableFile.parse('[a]\nw = 0\n    # c\n').withOption('a', 'v', '1\n#2')).toThrow(UnwritableChange);
});

test('refuses what makes the file larger than 512 KB', () => {
  const file = EditableFile.parse('[a]\n');
  expect(() => file.withOption('a', 'x', 'y'.repeat(512 * 1024))).toThrow(FileTooLarge);
});
