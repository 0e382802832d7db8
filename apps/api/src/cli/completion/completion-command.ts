import { BadUsage, type CommandIo } from '../command-io.ts';
import { usageOf } from '../help/index.ts';
import { bashCompletion, fishCompletion, zshCompletion } from './shells.ts';

const shells: ReadonlyMap<string, () => string> = new Map([
  ['bash', bashCompletion],
  ['zsh', zshCompletion],
  ['fish', fishCompletion],
]);

/** Carries out `bangui completion …`: prints a script. Answers the exit status. */
export function completionCommand([shell, ...more]: readonly string[], io: CommandIo): number {
  const script = shells.get(shell ?? '');
  if (!script || more.length > 0) throw new BadUsage(usageOf('completion'));
  for (const line of script().split('\n')) io.out(line);
  return 0;
}
