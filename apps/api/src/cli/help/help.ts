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

/** Exit statuses of every command. */
const commonExits = ['64  the command was not understood', '78  a setting is wrong'] as const;
const environment = 'The BANGUI_… variables of the API: docs/reference/environment.md';

/** The page of a command in the manner of man(1); undefined when there is no such command. */
export function pageOf(name: string): string | undefined {
  const page = commandPages.find(isOf(name));
  if (!page) return undefined;
  const options = page.options.flatMap(({ option, about }) => [option, `    ${about}`]);
  const parts: readonly (readonly [title: string, lines: readonly string[]])[] = [
    ['NAME', [`bangui ${name} - ${page.summary}`]],
    ['SYNOPSIS', page.usage],
    ['DESCRIPTION', page.description],
    ['OPTIONS', options],
    ['EXIT STATUS', [...page.exits, ...commonExits]],
    ['FILES', page.files ?? []],
    ['ENVIRONMENT', [environment]],
    ['EXAMPLES', page.examples],
  ];
  return parts
    .filter(([, lines]) => lines.length > 0)
    .map(([title, lines]) => [title, ...lines.map((line) => `    ${line}`)].join('\n'))
    .join('\n\n');
}

/** The Markdown page about every command, made from what the program itself declares. */
export function commandReference(): string {
  const fenced = (lines: readonly string[]): string => ['```text', ...lines, '```'].join('\n');
  const pages = commandPages.map((page) => {
    const rows = page.options.map(({ option, about }) => `| \`${option}\` | ${about} |`);
    const exits = [...page.exits, ...commonExits].map((exit) => `- ${exit.replace(/^(\d+) +/, '`$1` ')}`);
    return [
      `## bangui ${page.name}`,
      `${page.summary[0]?.toUpperCase() ?? ''}${page.summary.slice(1)}.`,
      fenced(page.usage),
      page.description.join(' ').replaceAll('<', '\\<'),
      ...(rows.length > 0 ? [['| Option | Meaning |', '| --- | --- |', ...rows].join('\n')] : []),
      `Exit status:\n\n${exits.join('\n')}`,
      ...(page.files ? [`Files:\n\n${page.files.map((file) => `- ${file}`).join('\n')}`] : []),
      `Examples:\n\n${fenced(page.examples)}`,
    ].join('\n\n');
  });
  return `# Commands

Generated from the program by \`npm run reference\`; changes made by hand are lost. The same is told by \`bangui help COMMAND\`;
the guide is [the command line](../guide/command-line.md). Every command reads the [environment of the API](environment.md).

${pages.join('\n\n')}
`;
}
