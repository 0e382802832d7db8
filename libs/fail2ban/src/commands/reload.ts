import { unexpected } from '../answers.ts';
import { jailName } from '../arguments.ts';
import { kindOf, type CallOptions, type Send } from '../call.ts';
import { BadArgument } from '../errors.ts';
import { type PickleInput } from '../pickle/values.ts';

/** One command of a configuration, as fail2ban's own reader writes it: `['set', 'web', 'maxretry', 5]`. */
export type StreamCommand = readonly PickleInput[];

/** Options of a reload. */
export interface ReloadOptions extends CallOptions {
  /** Only this jail; else all of them. */
  jail?: string;
  /** Together with `jail`: load it also when the server does not have it. Without this the server refuses. */
  ifExists?: boolean;
  /** Stop and start again: bans are lifted and restored, actions run. */
  restart?: boolean;
  /** Forget all bans. */
  unban?: boolean;
}

const COMMANDS: readonly unknown[] = ['set', 'multi-set', 'add', 'start'];

/**
 * Gives the server a new configuration.
 * @param stream all of it, from fail2ban's own reader. Never made by hand, and tried in a dry run before: one bad command
 *   disarms every jail. An empty one would remove the jails, so it is refused.
 */
export async function reload(send: Send, stream: readonly StreamCommand[], options: ReloadOptions): Promise<void> {
  checkStream(stream);
  const flags: string[] = [];
  if (options.ifExists) flags.push('--if-exists');
  if (options.restart) flags.push('--restart');
  if (options.unban) flags.push('--unban');
  const target = options.jail === undefined ? '--all' : jailName(options.jail);
  const answer = await send(['reload', target, flags, stream], kindOf('reload', options));
  if (answer !== 'OK') throw unexpected('"OK"');
}

function checkStream(stream: readonly StreamCommand[]): void {
  if (!Array.isArray(stream) || stream.length === 0) {
    throw new BadArgument('stream', 'An empty configuration would remove the jails.');
  }
  for (const [index, command] of stream.entries()) {
    // The reader notes what it could not read as a command of its own; fail2ban would log it and drop the jail.
    if (!Array.isArray(command) || !COMMANDS.includes(command[0])) {
      throw new BadArgument(`stream.${index}`, 'This is not a command that configures fail2ban.');
    }
  }
  if (!stream.some(([command]) => command === 'start')) {
    throw new BadArgument('stream', 'A configuration that starts no jail would remove them.');
  }
}
