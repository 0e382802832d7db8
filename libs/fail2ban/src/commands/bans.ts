import { setImmediate as nextTurn } from 'node:timers/promises';
import { type Network } from '@bangui/ip';
import { asInteger, asList, asTexts, unexpected } from '../answers.ts';
import { integer, jailName, networkTexts } from '../arguments.ts';
import { kindOf, type CallOptions, type Send } from '../call.ts';
import { parseBan, type BanInForce } from './ban-line.ts';

/** Addresses in one command: an action runs a program for each, and fail2ban serves nobody else meanwhile. */
export const BATCH_WITH_ACTIONS = 100;
/** Addresses in one command of a jail without actions. */
export const BATCH_WITHOUT_ACTIONS = 2000;
const LARGEST_BATCH = 10_000;
/** Slowest rate measured with a firewall action is 137 bans a second; this allows for less. */
const MS_PER_ADDRESS = 10;
/** Lines read between two turns of the event loop; about 5 ms. */
const LINES_PER_TURN = 4000;

/** Options of a change of many addresses. */
export interface BatchOptions extends CallOptions {
  /** Addresses in one command, 1 to 10,000. Default: 100 for a jail with actions, 2000 for one without. */
  batchSize?: number;
  /** Called after each batch. */
  onProgress?: (done: number, total: number) => void;
}

/** Addresses banned in a jail, by end of ban. */
export async function bansOf(send: Send, jail: string, options?: CallOptions): Promise<string[]> {
  return asTexts(await send(['get', jailName(jail), 'banip'], kindOf('list', options)));
}

/** Bans in force in a jail, by end of ban. Long answers are read in several turns of the event loop. */
export async function bansWithTimes(
  send: Send,
  jail: string,
  options?: CallOptions & { serverTimeOffsetMinutes?: number },
): Promise<BanInForce[]> {
  const lines = asList(await send(['get', jailName(jail), 'banip', '--with-time'], kindOf('list', options)));
  const bans: BanInForce[] = [];
  for (const line of lines) {
    if (bans.length % LINES_PER_TURN === LINES_PER_TURN - 1) await nextTurn();
    bans.push(parseBan(line, options?.serverTimeOffsetMinutes));
  }
  return bans;
}

/** Whether each network is banned in a jail. fail2ban searches its list for each one: ask for few. */
export async function isBanned(
  send: Send,
  jail: string,
  networks: readonly Network[],
  options?: CallOptions,
): Promise<boolean[]> {
  const words = ['get', jailName(jail), 'banned', ...networkTexts(networks)];
  const answer = await send(words, kindOf('list', options));
  // One address is answered with a number, several with a list.
  const numbers = Array.isArray(answer) ? asList(answer) : [answer];
  if (numbers.length !== networks.length) throw unexpected('one flag for each address');
  return numbers.map((number) => asInteger(number) !== 0);
}

/**
 * Sends addresses in batches and adds the counts up. When one fails, those before it have been done; `onProgress` has
 * told of them.
 */
export async function inBatches(
  send: Send,
  command: readonly string[],
  networks: readonly Network[],
  batchSize: number,
  options?: BatchOptions,
): Promise<number> {
  const texts = networkTexts(networks);
  const size = integer('batchSize', batchSize, 1, LARGEST_BATCH);
  let count = 0;
  for (let done = 0; done < texts.length; done += size) {
    const batch = texts.slice(done, done + size);
    const call = kindOf('write', options, batch.length * MS_PER_ADDRESS);
    count += asInteger(await send([...command, ...batch], call));
    options?.onProgress?.(done + batch.length, texts.length);
  }
  return count;
}

/** Lifts every ban of every jail. @returns how many */
export async function unbanAll(send: Send, options?: CallOptions): Promise<number> {
  return asInteger(await send(['unban', '--all'], kindOf('reload', options)));
}

/**
 * Lifts every ban of one jail. fail2ban has no command for that, so they are listed and lifted by name; the names are
 * its own and were banned before.
 */
export async function unbanJail(send: Send, jail: string, batchSize: number, options?: BatchOptions): Promise<number> {
  const size = integer('batchSize', batchSize, 1, LARGEST_BATCH);
  const listed = await bansOf(send, jail, { signal: options?.signal });
  // A name that could be taken for an option is left alone.
  const names = listed.filter((name) => !name.startsWith('-'));
  let count = 0;
  for (let done = 0; done < names.length; done += size) {
    const batch = names.slice(done, done + size);
    const call = kindOf('write', options, batch.length * MS_PER_ADDRESS);
    count += asInteger(await send(['set', jailName(jail), 'unbanip', ...batch], call));
    options?.onProgress?.(done + batch.length, names.length);
  }
  return count;
}
