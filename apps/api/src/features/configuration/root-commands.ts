import { type DefinitionUse, type JailConfiguration } from '@bangui/fail2ban-config';

/** Options of an action whose values are commands. */
const isCommand = (option: string): boolean => option.startsWith('action') && option !== 'actname';

/** Everything that fail2ban would run as root for the enabled ones of these jails, as it would be run. */
function rootCommands(jails: readonly JailConfiguration[]): Set<string> {
  const commands = new Set<string>();
  for (const jail of jails) {
    if (!jail.isEnabled) continue;
    const ignoring = jail.option('ignorecommand')?.value;
    if (ignoring) commands.add(`ignorecommand ${ignoring}`);
    for (const action of jail.actions) for (const command of commandsOf(action)) commands.add(command);
  }
  return commands;
}

/** An action in Python is told by its name and what it is given. */
function commandsOf({ name, parameters, effective }: DefinitionUse): string[] {
  if (effective.size === 0) return [JSON.stringify([name, ...parameters])];
  return [...effective].flatMap(([option, value]) => (isCommand(option) && value !== '' ? [`${option} ${value}`] : []));
}

/** Whether root would run something for these jails that it does not run for them now. */
export function addsRootCommands(before: readonly JailConfiguration[], after: readonly JailConfiguration[]): boolean {
  const known = rootCommands(before);
  return [...rootCommands(after)].some((command) => !known.has(command));
}
