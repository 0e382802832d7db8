import { type CommandPage, commandPages } from '../help/index.ts';

/** What can be completed of a command. */
export interface CompletedCommand {
  readonly name: string;
  readonly summary: string;
  /** Words of its own, such as `list` of `token`. */
  readonly subcommands: readonly string[];
  readonly options: CommandPage['options'];
  /** What follows: words, paths, or nothing that is known. */
  readonly words: readonly string[] | 'file';
}

/** The second words of the ways to use a command, where they are meant as they stand. */
function subcommandsOf({ usage }: CommandPage): string[] {
  const words = usage.map((way) => way.split(' ')[2] ?? '').filter((word) => /^[a-z][a-z-]*$/.test(word));
  return [...new Set(words)];
}

/** Every command, as `bangui help` knows it, and `help` itself. All words are letters, digits, `-` and `:`. */
export function completedCommands(): readonly CompletedCommand[] {
  const commands = commandPages.map((page) => ({
    ...{ name: page.name, summary: page.summary, subcommands: subcommandsOf(page), options: page.options },
    words: page.words ?? [],
  }));
  const names = commandPages.map(({ name }) => name);
  return [...commands, { name: 'help', summary: 'how a command is used', subcommands: [], options: [], words: names }];
}
