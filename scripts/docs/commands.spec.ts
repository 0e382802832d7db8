import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkout } from '../lib/paths.ts';
import { documentedCommands, listProblems, readCommandList, shellCommands, statements } from './commands.ts';

describe('commands of a block', () => {
  it('are its lines, without comments and empty lines', () => {
    const text = `# first\nmake run   # serve\n\nprintf '%s # not a comment' "$A#b" # but this\n  curl x#y`;
    expect(shellCommands(text)).toEqual([
      { command: 'make run', offset: 1 },
      { command: `printf '%s # not a comment' "$A#b"`, offset: 3 },
      { command: 'curl x#y', offset: 4 },
    ]);
  });

  it('go on over a backslash and through a here-document', () => {
    expect(shellCommands("a \\\n  b\ncat > f <<'E'\n# text\nE\nc")).toEqual([
      { command: 'a \\\n  b', offset: 0 },
      { command: "cat > f <<'E'\n# text\nE", offset: 2 },
      { command: 'c', offset: 5 },
    ]);
  });

  it('are statements in SQL', () => {
    expect(statements('SELECT 1;\n\nSELECT\n  2;\n')).toEqual([
      { command: 'SELECT 1', offset: 0 },
      { command: 'SELECT\n  2', offset: 2 },
    ]);
  });
});

describe('the list of commands', () => {
  const told = { place: 'README.md:1', language: 'sh', command: 'make run' } as const;
  const files: Readonly<Record<string, string>> = {
    'has.ts': "sh('make run')",
    'reads.ts': "page('README.md')",
    'calls.ts': "make('run')",
    'other.ts': 'make tea',
  };
  const read = (path: string): string | undefined => files[path];

  it.each([
    ['a command that is not in it', [], ['README.md:1: `make run` is not in docs/commands.json']],
    [
      'an entry that is no longer used',
      [
        { command: 'make more', runs: true },
        { command: 'make run', runs: true },
      ],
      ['`make more` stands in no text any more'],
    ],
    ['an entry that says nothing', [{ command: 'make run' }], ['`make run` needs one of runs, testedBy and reason']],
    [
      'an entry that says two things',
      [{ command: 'make run', runs: true, reason: 'x' }],
      ['`make run` needs one of runs, testedBy and reason'],
    ],
    ['a test that is gone', [{ command: 'make run', testedBy: 'gone.ts' }], ['`make run`: gone.ts is not there']],
    [
      'a test that has nothing of it',
      [{ command: 'make run', testedBy: 'other.ts' }],
      ['`make run`: other.ts neither has it nor reads it from its page; say the words there that run it as "by"'],
    ],
    [
      'words that the test does not have',
      [{ command: 'make run', testedBy: 'other.ts', by: "make('run')" }],
      ["`make run`: other.ts does not have the words: make('run')"],
    ],
    [
      'words that have nothing of the command',
      [{ command: 'make run', testedBy: 'other.ts', by: 'tea' }],
      ['`make run`: nothing of it is in: tea'],
    ],
    ['words without a test', [{ command: 'make run', runs: true, by: 'x' }], ['`make run`: by is for testedBy']],
    [
      'an entry that stands twice',
      [
        { command: 'make run', testedBy: 'has.ts' },
        { command: 'make run', runs: true },
      ],
      ['`make run` stands twice, or not in its place'],
    ],
  ] as const)('does not pass with %s', (_, list, problems) => {
    expect(listProblems([told], list, read)).toEqual(problems);
  });

  it.each([
    ['the command itself', { command: 'make run', testedBy: 'has.ts' }],
    ['the page', { command: 'make run', testedBy: 'reads.ts' }],
    ['the words that are told', { command: 'make run', testedBy: 'calls.ts', by: "make('run')" }],
  ])('passes with a test that has %s', (_, entry) => {
    expect(listProblems([told], [entry], read)).toEqual([]);
  });

  it('is that of the texts', () => {
    const text = (path: string): string | undefined =>
      existsSync(join(checkout, path)) ? readFileSync(join(checkout, path), 'utf8') : undefined;
    expect(listProblems(documentedCommands(checkout), readCommandList(checkout), text)).toEqual([]);
  });
});
