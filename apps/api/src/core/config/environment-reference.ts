import { type SettingDeclaration, type SettingKind, settingsOf } from './setting.ts';
import { Settings } from './settings.ts';

const kindWords: Readonly<Record<SettingKind, string>> = {
  text: 'text',
  integer: 'whole number',
  decimal: 'number',
  boolean: '`true` or `false`',
  list: 'list, separated by commas',
};

function row({ name, kind, fallback, about, isSecret }: SettingDeclaration): string {
  const preset =
    fallback === undefined ? 'unset' : fallback === '' ? 'empty' : `\`${fallback.replaceAll(',', '`, `')}\``;
  return `| \`${name}\` | ${kindWords[kind]} | ${preset} | ${about}${isSecret ? ' A secret: prefer the file.' : ''} |`;
}

/** The Markdown page about every environment variable, made from what the program itself declares. */
export function environmentReference(): string {
  return `# Environment

Generated from the program by \`npm run reference\`; changes made by hand are lost.

Every name can also be given as \`<NAME>_FILE\`: the value is then the content of that file, without its last line feed. Giving both is an error.
An empty value counts as unset, except for \`BANGUI_CORS_ALLOWED_ORIGINS\`. An unknown \`BANGUI_…\` name or a bad value stops the start with exit
status 78 and one line for each problem.

| Name | Value | Default | Meaning |
| --- | --- | --- | --- |
${settingsOf(Settings).map(row).join('\n')}
`;
}
