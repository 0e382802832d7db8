import { existsSync } from 'node:fs';
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
  const exists = (path: string): boolean => path === 'here.ts';

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
      'an entry that stands twice',
      [
        { command: 'make run', testedBy: 'here.ts' },
        { command: 'make run', runs: true },
      ],
      ['`make run` stands twice, or not in its place'],
    ],
  ] as const)('does not pass with %s', (_, list, problems) => {
    expect(listProblems([told], list, exists)).toEqual(problems);
  });

  it('is that of the texts', () => {
    const problems = listProblems(documentedCommands(checkout), readCommandList(checkout), (path) =>
      existsSync(join(checkout, path)),
    );
    expect(problems).toEqual([]);
  });
});
