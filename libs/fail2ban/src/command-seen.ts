import { type PickleInput } from './pickle/values.ts';

/** What may be told of a command to somebody who measures: never an address, a value or a path. */
export interface CommandSeen {
  /** fail2ban's name of it, such as `status` or `set banip`. */
  readonly name: string;
  /** The jail it is about; undefined when it is about the server. */
  readonly jail: string | undefined;
}

/** Sends a command and passes its outcome on. */
export type AroundCommand = <T>(command: CommandSeen, send: () => Promise<T>) => Promise<T>;

/** What is shown of the words of a command, by the places fail2ban gives them (its `man fail2ban-client`). */
export function seenOf(words: readonly PickleInput[]): CommandSeen {
  const [verb = '', first, second] = words.map((word) => (typeof word === 'string' ? word : undefined));
  if (verb === 'get' || verb === 'set') {
    // `get SETTING` and `set SETTING VALUE` are about the server, anything longer about a jail.
    if (words.length <= (verb === 'get' ? 2 : 3)) return { name: `${verb} ${first ?? ''}`, jail: undefined };
    return { name: `${verb} ${second ?? ''}`, jail: first };
  }
  const isOfJail = ['status', 'start', 'stop', 'reload'].includes(verb) && first !== '--all';
  return { name: verb, jail: isOfJail ? first : undefined };
}
