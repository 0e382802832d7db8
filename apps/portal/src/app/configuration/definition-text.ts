import { type ConfigurationFileText } from '../api/generated/models';
import { type DefinitionKind } from './configuration-api';
import { readConfigText } from './editor/config-text';

/** Names that a file of BanGUI's may have, without the ending. */
export function isDefinitionName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9_.-]{0,99}$/.test(name) && !name.includes('..');
}

/** The file that BanGUI writes for a filter or an action. */
export function definitionPath(kind: DefinitionKind, name: string): string {
  return `${kind === 'filters' ? 'filter.d' : 'action.d'}/${name}.local`;
}

/** What a file starts with that changes a filter or action of another file. */
export function changeText(name: string): string {
  return `# Read after ${name}.conf: an option set here wins over the one there, all others stay as they are.
# %(known/NAME)s stands for the value that an option has there.

[Definition]
`;
}

/** What a new filter or action starts with. */
export function newText(kind: DefinitionKind): string {
  const options =
    kind === 'filters'
      ? 'failregex = ^\\s*FAILURE from <ADDR>$\nignoreregex =\n'
      : 'actionstart =\nactionstop =\nactioncheck =\nactionban =\nactionunban =\n';
  return `[Definition]\n${options}`;
}

/**
 * All options of files in the order they are read, as one file: what fail2ban would make of them, including sections that hold
 * variants. `%(known/x)s`, which means what was read before, is put in. Null when the text of one of them is not known.
 */
export function copiedText(name: string, files: readonly ConfigurationFileText[]): string | null {
  const merged = new Map<string, Map<string, string>>();
  for (const { text } of files) {
    if (text === null) return null;
    const before = new Map([...merged].map(([section, options]) => [section, new Map(options)]));
    for (const section of readConfigText(text)) {
      if (section.name === 'INCLUDES') continue;
      const options = merged.get(section.name) ?? new Map<string, string>();
      merged.set(section.name, options);
      const known = before.get(section.name);
      for (const option of section.options) options.set(option.name, withKnown(option.value, known));
    }
  }
  const sections = [...merged].filter(([, options]) => options.size > 0);
  const printed = sections.map(([section, options]) => `[${section}]\n${[...options].map(printedOption).join('')}`);
  const from = files.map(({ path }) => path).join(', ');
  return [`# A copy of ${name}: all options of ${from}.\n`, ...printed].join('\n');
}

function withKnown(value: string, known: ReadonlyMap<string, string> | undefined): string {
  return value.replace(/%\(known\/([^()\s]+)\)s/g, (whole, name: string) => known?.get(name.toLowerCase()) ?? whole);
}

/** An option with its lines indented, so that they continue it. */
function printedOption([name, value]: readonly [string, string]): string {
  const [first = '', ...more] = value.split('\n');
  const lines = [`${name} = ${first}`.trimEnd(), ...more.map((line) => (line === '' ? '' : `    ${line}`))];
  return `${lines.join('\n')}\n`;
}
