import { parseArgs, type ParseArgsOptionsConfig } from 'node:util';
import { BadUsage } from './command-io.ts';
import { usageOf } from './help/index.ts';

/** Words of a command, and its options. */
export interface ReadArguments<T extends ParseArgsOptionsConfig> {
  readonly words: readonly string[];
  readonly values: ReturnType<typeof parseArgs<{ options: T; allowPositionals: true }>>['values'];
}

/**
 * Reads what follows the name of a command.
 * @throws BadUsage, with how the command is used, for an option it does not have or one without its value
 */
export function readArguments<const T extends ParseArgsOptionsConfig>(
  command: string,
  args: readonly string[],
  options: T,
): ReadArguments<T> {
  try {
    const { positionals, values } = parseArgs({ args: [...args], allowPositionals: true, options });
    return { words: positionals, values };
  } catch (error) {
    throw new BadUsage(usageOf(command), { cause: error });
  }
}

/** Reads the flags of a command that takes no words. @throws BadUsage as {@link readArguments} does */
export function readFlags<F extends string>(
  command: string,
  args: readonly string[],
  names: readonly F[],
): Readonly<Record<F, boolean>> {
  const { words, values } = readArguments(
    command,
    args,
    Object.fromEntries(names.map((name) => [name, { type: 'boolean' as const }])),
  );
  if (words.length > 0) throw new BadUsage(usageOf(command));
  return Object.fromEntries(names.map((name) => [name, values[name] === true])) as Record<F, boolean>;
}
