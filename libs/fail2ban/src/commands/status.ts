import { jailName, isJailName, oneOf } from '../arguments.ts';
import { asInteger, asList, asMap, asPairs, asText, asTexts, unexpected } from '../answers.ts';
import { kindOf, type CallOptions, type Send } from '../call.ts';
import { Fail2banRefused } from '../errors.ts';
import { type PythonValue } from '../pickle/values.ts';
import { MAX_QUESTIONS } from '../transport/group.ts';

/** The four numbers fail2ban keeps for a jail since it was started. */
export interface JailCounters {
  /** Addresses with failures inside the jail's find time. */
  currentlyFailed: number;
  /** Failures seen. */
  totalFailed: number;
  /** Bans in force. */
  currentlyBanned: number;
  /** Bans made. */
  totalBanned: number;
}

/** State of a jail. Which of the lists are there depends on its source and on what was asked. */
export interface JailStatus extends JailCounters {
  jail: string;
  /** Files it reads; absent for a jail on the systemd journal. */
  logPaths?: string[];
  /** Journal matches as text; absent for a jail on files. */
  journalMatches?: string[];
  /** Addresses banned now, in no order; only with `basic`. */
  bannedAddresses?: string[];
}

/** How much a status tells: `short` leaves the banned addresses out and is the one to poll. */
export type StatusFlavor = 'basic' | 'short';

/** Names of all jails in the server, sorted. */
export async function jailNames(send: Send, options?: CallOptions): Promise<string[]> {
  const status = asPairs(await send(['status'], kindOf('read', options)));
  const names = asText(status.get('Jail list'));
  return names === '' ? [] : names.split(',').map((name) => name.trim());
}

/** State of one jail. */
export async function jailStatus(
  send: Send,
  jail: string,
  flavor: StatusFlavor,
  options?: CallOptions,
): Promise<JailStatus> {
  const words = ['status', jailName(jail), oneOf('flavor', flavor, ['basic', 'short'])];
  const status = asPairs(await send(words, kindOf(flavor === 'basic' ? 'list' : 'read', options)));
  const filter = asPairs(status.get('Filter'));
  const actions = asPairs(status.get('Actions'));
  const result: JailStatus = {
    jail,
    currentlyFailed: asInteger(filter.get('Currently failed')),
    totalFailed: asInteger(filter.get('Total failed')),
    currentlyBanned: asInteger(actions.get('Currently banned')),
    totalBanned: asInteger(actions.get('Total banned')),
  };
  if (filter.has('File list')) result.logPaths = asTexts(filter.get('File list'));
  if (filter.has('Journal matches')) result.journalMatches = asTexts(filter.get('Journal matches'));
  if (actions.has('Banned IP list')) result.bannedAddresses = asTexts(actions.get('Banned IP list'));
  return result;
}

/** Versions that certainly do not know {@link countersAtOnce}. */
export const HAS_NO_STATISTICS = /^(?:0|1\.0)\./;

/** Counters of all jails in one command; fail2ban 1.1 and later. @returns undefined when this server does not know it */
export async function countersAtOnce(
  send: Send,
  options?: CallOptions,
): Promise<Map<string, JailCounters> | undefined> {
  try {
    return readStatistics(await send(['stats'], kindOf('read', options)));
  } catch (error) {
    // Not every 1.1 knows the command; the answer is the only way to tell.
    if (error instanceof Fail2banRefused && error.detail.startsWith('Invalid command')) return undefined;
    throw error;
  }
}

/** Counters of all jails, one question for each. A jail that goes away meanwhile is left out. */
export async function countersOneByOne(send: Send, options?: CallOptions): Promise<Map<string, JailCounters>> {
  // Names that cannot be asked for safely are left out.
  const jails = (await jailNames(send, options)).filter(isJailName);
  const counters = new Map<string, JailCounters>();
  // One write at a time, so that what somebody else asks meanwhile waits for no more than that.
  for (let done = 0; done < jails.length; done += MAX_QUESTIONS) {
    const some = jails.slice(done, done + MAX_QUESTIONS);
    const found = await Promise.all(some.map((jail) => countersOf(send, jail, options)));
    for (const [index, jail] of some.entries()) {
      const numbers = found[index];
      if (numbers) counters.set(jail, numbers);
    }
  }
  return counters;
}

async function countersOf(send: Send, jail: string, options?: CallOptions): Promise<JailCounters | undefined> {
  try {
    const status = await jailStatus(send, jail, 'short', options);
    const { currentlyFailed, totalFailed, currentlyBanned, totalBanned } = status;
    return { currentlyFailed, totalFailed, currentlyBanned, totalBanned };
  } catch (error) {
    if (error instanceof Fail2banRefused && error.isUnknownJail) return undefined;
    throw error;
  }
}

function readStatistics(value: PythonValue): Map<string, JailCounters> {
  const counters = new Map<string, JailCounters>();
  for (const [jail, entry] of asMap(value)) {
    const [, failures, bans] = asList(entry);
    const [currentlyFailed, totalFailed] = asList(failures);
    const [currentlyBanned, totalBanned] = asList(bans);
    counters.set(asText(jail), {
      currentlyFailed: asInteger(currentlyFailed),
      totalFailed: asInteger(totalFailed),
      currentlyBanned: asInteger(currentlyBanned),
      totalBanned: asInteger(totalBanned),
    });
  }
  return counters;
}

/** Banned addresses of all jails. */
export async function bannedEverywhere(send: Send, options?: CallOptions): Promise<Map<string, string[]>> {
  const banned = new Map<string, string[]>();
  for (const entry of asList(await send(['banned'], kindOf('list', options)))) {
    for (const [jail, addresses] of asMap(entry)) banned.set(asText(jail), asTexts(addresses));
  }
  return banned;
}

/** Answers `ping`. */
export async function ping(send: Send, options?: CallOptions): Promise<void> {
  if ((await send(['ping'], kindOf('read', options))) !== 'pong') throw unexpected('"pong"');
}
