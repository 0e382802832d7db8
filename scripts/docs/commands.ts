import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { texts } from './links.ts';
import { codeBlocks } from './markdown.ts';

/** A command or statement of the documentation. */
export interface DocumentedCommand {
  /** Path of the text and line in it. */
  readonly place: string;
  readonly language: 'sh' | 'sql';
  readonly command: string;
}

/** What is known of a command: exactly one of `runs`, `testedBy` and `reason`. */
export interface CommandEntry {
  readonly command: string;
  /** The test of the documentation runs it, and it must succeed. */
  readonly runs?: true;
  /** Words that its output must have. */
  readonly prints?: string;
  /** The database a statement is for, when it is for one only. */
  readonly on?: 'sqlite' | 'postgres';
  /** Path of what runs it otherwise: a file that holds the command, or reads it from its page, or says it in the words of `by`. */
  readonly testedBy?: string;
  /** Words of that file that run the command, as they stand there: a call with its arguments, a setting. */
  readonly by?: string;
  /** Why nothing runs it. */
  readonly reason?: string;
}

/** The list of all commands of the documentation, in the order of their letters. */
export function readCommandList(root: string): CommandEntry[] {
  return JSON.parse(readFileSync(join(root, 'docs/commands.json'), 'utf8')) as CommandEntry[];
}

/** Every command in a block marked `sh`, and every statement in one marked `sql`, of the texts below `root`. */
export function documentedCommands(root: string): DocumentedCommand[] {
  return texts(root).flatMap((path) =>
    codeBlocks(readFileSync(join(root, path), 'utf8')).flatMap(({ language, line, text }) => {
      if (language !== 'sh' && language !== 'sql') return [];
      const found = language === 'sh' ? shellCommands(text) : statements(text);
      return found.map(({ command, offset }) => ({ place: `${path}:${line + offset}`, language, command }));
    }),
  );
}

interface Found {
  readonly command: string;
  readonly offset: number;
}

/** Commands of a block: lines, joined where one ends in a backslash or begins a here-document; without comments behind them. */
export function shellCommands(text: string): Found[] {
  const lines = text.split('\n');
  const found: Found[] = [];
  for (let at = 0; at < lines.length; at++) {
    const offset = at;
    let command = lines[at] ?? '';
    while (command.endsWith('\\') && at + 1 < lines.length) command += `\n${lines[++at] ?? ''}`;
    const end = /<<-?\s*['"]?(\w+)['"]?/.exec(command)?.[1];
    if (end !== undefined) {
      while (at + 1 < lines.length && lines[at]?.trim() !== end) command += `\n${lines[++at] ?? ''}`;
    } else {
      command = withoutComment(command);
    }
    if (command.trim() !== '') found.push({ command: command.trim(), offset });
  }
  return found;
}

/** Statements of a block of SQL, each without its semicolon. */
export function statements(text: string): Found[] {
  return [...text.matchAll(/[^\s;][^;]*/g)].map(({ 0: command, index }) => ({
    command: command.trim(),
    offset: text.slice(0, index).split('\n').length - 1,
  }));
}

/** Cuts a comment off, unless the `#` stands inside of quotes. */
function withoutComment(command: string): string {
  let quote = '';
  for (const [at, character] of [...command].entries()) {
    if (quote !== '') quote = character === quote ? '' : quote;
    else if (character === "'" || character === '"') quote = character;
    else if (character === '#' && (at === 0 || /\s/.test(command[at - 1] ?? ''))) return command.slice(0, at);
  }
  return command;
}

const wordsOf = (text: string): string[] => text.match(/[A-Za-z][A-Za-z0-9_]{2,}/g) ?? [];

/** Why the file of `testedBy` does not run the command, as far as its text tells; undefined when it does. */
function whyNotTested(
  { command, testedBy = '', by }: CommandEntry,
  text: string | undefined,
  pages: readonly string[],
) {
  if (text === undefined) return `${testedBy} is not there`;
  if (by !== undefined) {
    if (!text.includes(by)) return `${testedBy} does not have the words: ${by}`;
    const words = new Set(wordsOf(command));
    return wordsOf(by).some((word) => words.has(word)) ? undefined : `nothing of it is in: ${by}`;
  }
  if (text.includes(command) || pages.some((page) => text.includes(posix.basename(page)))) return undefined;
  return `${testedBy} neither has it nor reads it from its page; say the words there that run it as "by"`;
}

/** What is wrong with the list beside the texts: one sentence each. `read` gives the text of a file of the checkout, if it is there. */
export function listProblems(
  commands: readonly DocumentedCommand[],
  list: readonly CommandEntry[],
  read: (path: string) => string | undefined,
): string[] {
  const pagesOf = (command: string): string[] =>
    commands.filter((each) => each.command === command).map(({ place }) => place.replace(/:\d+$/, ''));
  const known = new Map(list.map((entry) => [entry.command, entry]));
  const used = new Set(commands.map(({ command }) => command));
  return [
    ...commands
      .filter(({ command }) => !known.has(command))
      .map(({ place, command }) => `${place}: \`${command}\` is not in docs/commands.json`),
    ...list
      .filter(({ command }) => !used.has(command))
      .map(({ command }) => `\`${command}\` stands in no text any more`),
    ...list.flatMap((entry, at) => {
      const { command, runs, testedBy, by, reason } = entry;
      const kinds = [runs, testedBy, reason].filter((kind) => kind !== undefined);
      const before = list[at - 1]?.command;
      const untested =
        testedBy === undefined ? by && 'by is for testedBy' : whyNotTested(entry, read(testedBy), pagesOf(command));
      return [
        ...(kinds.length === 1 ? [] : [`\`${command}\` needs one of runs, testedBy and reason`]),
        ...(untested === undefined ? [] : [`\`${command}\`: ${untested}`]),
        ...(before === undefined || before < command ? [] : [`\`${command}\` stands twice, or not in its place`]),
      ];
    }),
  ];
}
