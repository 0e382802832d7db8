import fc from 'fast-check';
import { expect, test } from 'vitest';
import { FileTooLarge, type IniFile, maxFileBytes, parseIni } from './ini-file.ts';
import { splitLines } from './python-text.ts';
import { type ParserReading, parserReadings } from './testing/fail2ban-reader.ts';
import { iniTexts } from './testing/texts.ts';

const texts = Number(process.env['BANGUI_TEST_ROUNDS'] ?? 0) > 10 ? 20_000 : 4_000;

/** The file in the shape in which Python's parser tells of it. */
function asReading({ sections }: IniFile): ParserReading {
  const read: Record<string, Record<string, string>> = { DEFAULT: {} };
  for (const { name, options } of sections) {
    const target = (read[name] ??= {});
    for (const option of options) target[option.name] = option.value;
  }
  return { sections: read };
}

test("reads what fail2ban's own parser reads, and refuses what that refuses", { timeout: 120_000 }, async () => {
  const sample = fc.sample(iniTexts, texts);
  const theirs = await parserReadings(sample);
  let good = 0;
  for (const [index, text] of sample.entries()) {
    const ours = parseIni(text);
    const their = theirs[index];
    if (their?.sections) {
      good++;
      expect(ours.problems, JSON.stringify(text)).toEqual([]);
      expect(asReading(ours), JSON.stringify(text)).toEqual(their);
    } else {
      expect(ours.problems, JSON.stringify(text)).not.toEqual([]);
      // Where several lines are wrong, Python names only one of them.
      if (ours.problems.length === 1) expect(ours.problems[0]?.line, JSON.stringify(text)).toBe(their?.line);
    }
  }
  // Both kinds are there in plenty.
  expect(good / texts).toBeGreaterThan(0.1);
  expect(good / texts).toBeLessThan(0.9);
});

test('splits any text into lines that are the text again', () => {
  fc.assert(
    fc.property(fc.oneof(iniTexts, fc.string({ unit: fc.constantFrom('\r', '\n', 'a', '\u2028', '\f') })), (text) => {
      const lines = splitLines(text);
      expect(lines.map((line) => line.text + line.ending).join('')).toBe(text);
      for (const line of lines) expect(line.text).not.toMatch(/[\r\n]/);
    }),
  );
});

test('names the line and the kind of everything that is wrong', () => {
  const { problems, sections } = parseIni('x = 1\n[a]\nx = 1\nX = 2\nnothing\n= 3\n[a]\ny = 1\n');
  expect(problems.map(({ line, kind }) => [line, kind])).toEqual([
    [1, 'no-section'],
    [4, 'duplicate-option'],
    [5, 'no-option'],
    [6, 'no-option'],
    [7, 'duplicate-section'],
  ]);
  expect(sections.map(({ name, options }) => [name, options.map((option) => option.value)])).toEqual([
    ['a', ['1']],
    ['a', ['1']],
  ]);
});

test('knows the lines of a value, with comments and blank lines within it', () => {
  const { sections } = parseIni('[a]\nx = one ; first\n# between\n\n    two\n\ny = 2');
  const [x] = sections[0]?.options ?? [];
  expect(x?.value).toBe('one\n\ntwo');
  expect(x?.parts).toEqual([
    { line: 1, text: 'one', start: 4 },
    { line: 3, text: '', start: 0 },
    { line: 4, text: 'two', start: 4 },
  ]);
});

test('refuses a file of more than 512 KB, counted in bytes', () => {
  expect(() => parseIni('é'.repeat(maxFileBytes / 2))).not.toThrow();
  expect(() => parseIni('é'.repeat(maxFileBytes / 2 + 1))).toThrow(FileTooLarge);
});

test('reads the largest file of any text within two seconds of processor time', () => {
  for (const unit of ['\n', '[a]\n', ' ;', '=', '[', ' a\n', 'x=1\n y\n', '\r', '\r\n', '%(a/', 'x;']) {
    const startedAt = process.cpuUsage();
    parseIni(`[s]\nv = ${unit.repeat((maxFileBytes - 8) / unit.length)}`);
    const { user, system } = process.cpuUsage(startedAt);
    expect((user + system) / 1_000, JSON.stringify(unit)).toBeLessThan(2_000);
  }
});
