import { type CommandPage, commandPages } from './command-pages.ts';

const isOf =
  (name: string) =>
  (page: CommandPage): boolean =>
    page.name === name;

/** How a command is used, one line for each way. A name that is none of ours gives the overview. */
export function usageOf(name: string): string {
  const page = commandPages.find(isOf(name));
  return page ? [...page.usage, `More: bangui help ${name}`].join('\n') : overview();
}

/** All commands, one line each. */
export function overview(): string {
  const width = Math.max(...commandPages.map(({ name }) => name.length)) + 2;
  return [
    ...commandPages.map(({ name, summary }) => `bangui ${name.padEnd(width)}${summary}`),
    'bangui --version',
    'Each reads the same BANGUI_… environment as the API. More: bangui help COMMAND',
  ].join('\n');
}

/** The page of a command in the manner of man(1); undefined when there is no such command. */
export function pageOf(name: string): string | undefined {
  const page = commandPages.find(isOf(name));
  if (!page) return undefined;
  const indented = (lines: readonly string[]): string[] => lines.map((line) => `    ${line}`);
  const options = page.options.flatMap(({ option, about }) => [option, `    ${about}`]);
  return [
    ...['NAME', ...indented([`bangui ${name} - ${page.summary}`]), ''],
    ...['SYNOPSIS', ...indented(page.usage), ''],
    ...['DESCRIPTION', ...indented(page.description), ''],
    ...(options.length > 0 ? ['OPTIONS', ...indented(options), ''] : []),
    ...[
      'EXIT STATUS',
      ...indented([...page.exits, '64  the command was not understood', '78  a setting is wrong']),
      '',
    ],
    ...['ENVIRONMENT', ...indented(['The BANGUI_… variables of the API: docs/reference/environment.md'])],
  ].join('\n');
}
