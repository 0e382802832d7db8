import { type Network } from '@bangui/ip';
import { asList, asText, asTexts } from './answers.ts';
import {
  absolutePath,
  actionName,
  integer,
  jailName,
  journalMatch,
  networkTexts,
  oneOf,
  plainText,
} from './arguments.ts';
import { seenOf, type AroundCommand } from './command-seen.ts';
import { kindOf, type Call, type CallOptions, type CommandTimeouts, type Send } from './call.ts';
import { type BanInForce } from './commands/ban-line.ts';
import * as bans from './commands/bans.ts';
import {
  PARAMETER_READERS,
  PARAMETER_WRITERS,
  type JailParameter,
  type JailParameters,
  type SettableJailParameter,
  type SettableJailParameters,
} from './commands/jail-parameters.ts';
import { reload, type ReloadOptions, type StreamCommand } from './commands/reload.ts';
import {
  SETTING_READERS,
  SETTING_WRITERS,
  type ServerSetting,
  type ServerSettings,
  type SettableServerSetting,
  type SettableServerSettings,
} from './commands/server-settings.ts';
import * as status from './commands/status.ts';
import { BadArgument } from './errors.ts';
import { valueOfAnswer } from './pickle/answer.ts';
import { DEFAULT_LIMITS } from './pickle/decode.ts';
import { encodeRequest } from './pickle/encode.ts';
import { type PickleInput, type PythonValue } from './pickle/values.ts';
import { CommandQueue, type InFlight } from './transport/command-queue.ts';

/** Where the server is and what it may cost. */
export interface Fail2banClientOptions {
  /** Absolute path of the socket, at most 107 bytes. */
  socketPath: string;
  /** Other limits than the default ones. */
  timeouts?: Partial<CommandTimeouts>;
  /** Bytes of one answer, 256 MiB by default. */
  maxAnswerBytes?: number;
  /** Sends each command, waiting for its turn included; by default nothing but that. */
  around?: AroundCommand;
}

const DEFAULT_TIMEOUTS: CommandTimeouts = {
  readMs: 5000,
  listMs: 30_000,
  writeMs: 60_000,
  reloadMs: 120_000,
  connectMs: 1000,
};
/** Room in the kernel's socket address, without the closing NUL. */
const MAX_SOCKET_PATH = 107;

/**
 * A fail2ban server, through its socket. One connection is kept, and commands go over it one after another, in the order in
 * which they were called; short questions that wait side by side share a write, so that many are best asked without waiting
 * for each (`Promise.all`). A read may be sent again after a lost connection; a change never is.
 *
 * Every method rejects with {@link BadArgument} before anything is sent, and with Fail2banOffline, Fail2banTimeout, Fail2banRefused,
 * Fail2banAborted or AnswerNotUnderstood afterwards.
 */
export class Fail2banClient {
  readonly #queue: CommandQueue;
  readonly #timeouts: CommandTimeouts;
  readonly #around: AroundCommand | undefined;
  /** Whether the server knows `stats`, and for which connection that was found out. */
  #statistics: { generation: number; isKnown: boolean } | undefined;

  constructor(options: Fail2banClientOptions) {
    const socketPath = absolutePath('socketPath', options.socketPath);
    if (Buffer.byteLength(socketPath) > MAX_SOCKET_PATH) {
      throw new BadArgument('socketPath', `The path of a socket has at most ${MAX_SOCKET_PATH} bytes.`);
    }
    const maxAnswerBytes = options.maxAnswerBytes ?? DEFAULT_LIMITS.maxBytes;
    this.#around = options.around;
    this.#timeouts = { ...DEFAULT_TIMEOUTS, ...options.timeouts };
    this.#queue = new CommandQueue({ socketPath, maxAnswerBytes, connectMs: this.#timeouts.connectMs });
  }

  /** The command fail2ban is working on for us; undefined when there is none. */
  get inFlight(): InFlight | undefined {
    return this.#queue.inFlight;
  }

  /** Number of commands that wait for their turn. */
  get queued(): number {
    return this.#queue.queued;
  }

  /** Calls back at once when the kept connection is made (true) or lost (false). @returns stops calling */
  onConnectionChange(listener: (connected: boolean) => void): () => void {
    return this.#queue.onConnectionChange(listener);
  }

  /** Asks whether the server answers. */
  ping(options?: CallOptions): Promise<void> {
    return status.ping(this.#send, options);
  }

  /** Version of the server, such as `1.0.2`. */
  async version(options?: CallOptions): Promise<string> {
    return asText(await this.#send(['version'], kindOf('read', options)));
  }

  /** Names of all jails in the server, also of one that this client would refuse as an argument. */
  jailNames(options?: CallOptions): Promise<string[]> {
    return status.jailNames(this.#send, options);
  }

  /** State of a jail; `short` leaves the banned addresses out. */
  status(jail: string, flavor: status.StatusFlavor = 'basic', options?: CallOptions): Promise<status.JailStatus> {
    return status.jailStatus(this.#send, jail, flavor, options);
  }

  /** Counters of every jail, in one command if the server knows it (1.1) and else with one for each jail. */
  async counters(options?: CallOptions): Promise<Map<string, status.JailCounters>> {
    if (await this.#hasStatistics(options)) {
      const counters = await status.countersAtOnce(this.#send, options);
      if (counters) return counters;
      this.#statistics = { generation: this.#queue.generation, isKnown: false };
    }
    return status.countersOneByOne(this.#send, options);
  }

  /** Banned addresses of every jail. */
  banned(options?: CallOptions): Promise<Map<string, string[]>> {
    return status.bannedEverywhere(this.#send, options);
  }

  /** Banned addresses of a jail, by end of ban. */
  bansOf(jail: string, options?: CallOptions): Promise<string[]> {
    return bans.bansOf(this.#send, jail, options);
  }

  /**
   * Bans in force in a jail, by end of ban. fail2ban tells times of its local clock without a zone: the zone of this process
   * is assumed unless `serverTimeOffsetMinutes` (ahead of UTC) is given.
   */
  bansWithTimes(jail: string, options?: CallOptions & { serverTimeOffsetMinutes?: number }): Promise<BanInForce[]> {
    return bans.bansWithTimes(this.#send, jail, options);
  }

  /** Whether each of the networks is itself banned in a jail. */
  isBanned(jail: string, networks: readonly Network[], options?: CallOptions): Promise<boolean[]> {
    return bans.isBanned(this.#send, jail, networks, options);
  }

  /** Bans addresses in batches. @returns how many were not banned before */
  async ban(jail: string, networks: readonly Network[], options?: bans.BatchOptions): Promise<number> {
    const size = await this.#batchSize(jail, networks, options);
    return bans.inBatches(this.#send, ['set', jailName(jail), 'banip'], networks, size, options);
  }

  /**
   * Lifts bans in batches, in one jail or (undefined) in all. A network lifts every ban inside it.
   * @returns how many bans were lifted
   */
  async unban(jail: string | undefined, networks: readonly Network[], options?: bans.BatchOptions): Promise<number> {
    const words = jail === undefined ? ['unban'] : ['set', jailName(jail), 'unbanip'];
    const size =
      jail === undefined
        ? (options?.batchSize ?? bans.BATCH_WITH_ACTIONS)
        : await this.#batchSize(jail, networks, options);
    return bans.inBatches(this.#send, words, networks, size, options);
  }

  /** Lifts every ban of every jail. @returns how many */
  unbanAll(options?: CallOptions): Promise<number> {
    return bans.unbanAll(this.#send, options);
  }

  /** Lifts every ban of a jail, also one that is no address. @returns how many */
  async unbanJail(jail: string, options?: bans.BatchOptions): Promise<number> {
    return bans.unbanJail(this.#send, jail, options?.batchSize ?? (await this.#naturalBatch(jail, options)), options);
  }

  /** Starts a jail that is in the server. A stopped one is no longer there: it comes back with {@link reload}. */
  async startJail(jail: string, options?: CallOptions): Promise<void> {
    await this.#send(['start', jailName(jail)], kindOf('reload', options));
  }

  /** Stops a jail: its bans are lifted and it leaves the server until it is reloaded. */
  async stopJail(jail: string, options?: CallOptions): Promise<void> {
    await this.#send(['stop', jailName(jail)], kindOf('reload', options));
  }

  /** Makes a jail idle (it reads no log; bans stay) or ends that. fail2ban has no command that tells whether it is. */
  async setIdle(jail: string, isIdle: boolean, options?: CallOptions): Promise<void> {
    await this.#send(['set', jailName(jail), 'idle', isIdle ? 'on' : 'off'], kindOf('write', options));
  }

  /** A parameter of a jail. */
  async get<P extends JailParameter>(jail: string, parameter: P, options?: CallOptions): Promise<JailParameters[P]> {
    const read = own(PARAMETER_READERS, parameter);
    return read(await this.#send(['get', jailName(jail), parameter], kindOf('read', options)));
  }

  /** Sets a parameter of a jail. It works at once and is lost at the next reload. */
  async set<P extends SettableJailParameter>(
    jail: string,
    parameter: P,
    value: SettableJailParameters[P],
    options?: CallOptions,
  ): Promise<void> {
    const text = own(PARAMETER_WRITERS, parameter)(value);
    await this.#send(['set', jailName(jail), parameter, text], kindOf('write', options));
  }

  /** Addresses, networks and names a jail never bans. */
  async ignoreList(jail: string, options?: CallOptions): Promise<string[]> {
    return this.#texts(['get', jailName(jail), 'ignoreip'], options);
  }

  /** Adds to the ignore list of a jail, until the next reload. */
  async addIgnored(jail: string, networks: readonly Network[], options?: CallOptions): Promise<void> {
    await this.#send(['set', jailName(jail), 'addignoreip', ...networkTexts(networks)], kindOf('write', options));
  }

  /** Removes one entry from the ignore list of a jail, until the next reload. Refused when it is not there. */
  async removeIgnored(jail: string, network: Network, options?: CallOptions): Promise<void> {
    await this.#send(['set', jailName(jail), 'delignoreip', ...networkTexts([network])], kindOf('write', options));
  }

  /** Whether a jail ignores the machine's own addresses. */
  ignoreSelf(jail: string, options?: CallOptions): Promise<boolean> {
    return this.get(jail, 'ignoreself', options);
  }

  /** Files a jail reads. */
  async logPaths(jail: string, options?: CallOptions): Promise<string[]> {
    return this.#texts(['get', jailName(jail), 'logpath'], options);
  }

  /** Makes a jail read a file too, from its end or (`head`) from its beginning. */
  async addLogPath(jail: string, path: string, options?: CallOptions & { position?: 'head' | 'tail' }): Promise<void> {
    const position = oneOf('position', options?.position ?? 'tail', ['head', 'tail']);
    const words = ['set', jailName(jail), 'addlogpath', absolutePath('path', path), position];
    await this.#send(words, kindOf('write', options));
  }

  /** Makes a jail no longer read a file. */
  async removeLogPath(jail: string, path: string, options?: CallOptions): Promise<void> {
    await this.#send(['set', jailName(jail), 'dellogpath', absolutePath('path', path)], kindOf('write', options));
  }

  /** Journal matches of a jail, each a list of `FIELD=value`; empty for a jail on files. */
  async journalMatches(jail: string, options?: CallOptions): Promise<string[][]> {
    const answer = await this.#send(['get', jailName(jail), 'journalmatch'], kindOf('read', options));
    return asList(answer).map(asTexts);
  }

  /** Adds a journal match: elements `FIELD=value`, with `+` between alternatives. Without effect for a jail on files. */
  async addJournalMatch(jail: string, elements: readonly string[], options?: CallOptions): Promise<void> {
    const words = ['set', jailName(jail), 'addjournalmatch', ...journalMatch(elements)];
    await this.#send(words, kindOf('write', options));
  }

  /** Removes a journal match. */
  async removeJournalMatch(jail: string, elements: readonly string[], options?: CallOptions): Promise<void> {
    const words = ['set', jailName(jail), 'deljournalmatch', ...journalMatch(elements)];
    await this.#send(words, kindOf('write', options));
  }

  /** Names of the actions of a jail. */
  async actions(jail: string, options?: CallOptions): Promise<string[]> {
    return this.#texts(['get', jailName(jail), 'actions'], options);
  }

  /** A text or number of an action, such as `actionban`. */
  async actionProperty(jail: string, action: string, property: string, options?: CallOptions): Promise<string> {
    const words = [
      'get',
      jailName(jail),
      'action',
      actionName(action),
      actionName(plainText('property', property, 60)),
    ];
    const value = await this.#send(words, kindOf('read', options));
    return typeof value === 'number' || typeof value === 'boolean' ? String(value) : asText(value);
  }

  /** Regular expressions that find failures, with all tags expanded. */
  async failRegexes(jail: string, options?: CallOptions): Promise<string[]> {
    return this.#texts(['get', jailName(jail), 'failregex'], options);
  }

  /** Regular expressions of lines to ignore, with all tags expanded. */
  async ignoreRegexes(jail: string, options?: CallOptions): Promise<string[]> {
    return this.#texts(['get', jailName(jail), 'ignoreregex'], options);
  }

  /** A setting of the server. */
  async serverSetting<S extends ServerSetting>(setting: S, options?: CallOptions): Promise<ServerSettings[S]> {
    return own(SETTING_READERS, setting)(await this.#send(['get', setting], kindOf('read', options)));
  }

  /** Sets a setting of the server. It works at once and is lost at its next start. */
  async setServerSetting<S extends SettableServerSetting>(
    setting: S,
    value: SettableServerSettings[S],
    options?: CallOptions,
  ): Promise<void> {
    await this.#send(['set', setting, own(SETTING_WRITERS, setting)(value)], kindOf('write', options));
  }

  /** Makes fail2ban open its log again, after rotation. */
  async flushLogs(options?: CallOptions): Promise<void> {
    await this.#send(['flushlogs'], kindOf('write', options));
  }

  /** Gives the server a configuration: see {@link StreamCommand}. Refuses one that starts no jail. */
  reload(stream: readonly StreamCommand[], options: ReloadOptions = {}): Promise<void> {
    return reload(this.#send, stream, options);
  }

  /** Closes the connection. Waiting commands fail; one in flight fails too, though fail2ban may carry it out. */
  close(): Promise<void> {
    this.#queue.close();
    return Promise.resolve();
  }

  readonly #send: Send = (words: readonly PickleInput[], call: Call): Promise<PythonValue> =>
    this.#around ? this.#around(seenOf(words), () => this.#exchange(words, call)) : this.#exchange(words, call);

  readonly #exchange: Send = async (words: readonly PickleInput[], call: Call): Promise<PythonValue> => {
    const limit = call.timeoutMs ?? this.#timeouts[`${call.kind}Ms`] + (call.extraMs ?? 0);
    // The longest wait a timer can do is 2^31 - 1 ms.
    const limitMs = integer('timeoutMs', Math.ceil(limit), 1, 2_147_483_647);
    const name = words
      .slice(0, 3)
      .filter((word) => typeof word === 'string')
      .join(' ');
    const isShort = call.kind === 'read';
    const isRepeatable = isShort || call.kind === 'list';
    const command = { name, request: encodeRequest(words), limitMs, isRepeatable, isShort, signal: call.signal };
    return valueOfAnswer(await this.#queue.run(command), name);
  };

  /** Found out once for each connection, since another version may be behind the socket after a restart. */
  async #hasStatistics(options?: CallOptions): Promise<boolean> {
    if (this.#statistics?.generation !== this.#queue.generation) {
      // Asking a server that does not know the command would leave an error in its log.
      const isKnown = !status.HAS_NO_STATISTICS.test(await this.version(options));
      // The connection may have been made by this very command.
      this.#statistics = { generation: this.#queue.generation, isKnown };
    }
    return this.#statistics.isKnown;
  }

  async #texts(words: readonly string[], options?: CallOptions): Promise<string[]> {
    return asTexts(await this.#send(words, kindOf('read', options)));
  }

  async #batchSize(jail: string, networks: readonly Network[], options?: bans.BatchOptions): Promise<number> {
    if (options?.batchSize !== undefined) return options.batchSize;
    // A batch no bigger than the smallest needs no question.
    if (networks.length <= bans.BATCH_WITH_ACTIONS) return bans.BATCH_WITH_ACTIONS;
    return this.#naturalBatch(jail, options);
  }

  async #naturalBatch(jail: string, options?: CallOptions): Promise<number> {
    const actions = await this.actions(jail, { signal: options?.signal });
    return actions.length > 0 ? bans.BATCH_WITH_ACTIONS : bans.BATCH_WITHOUT_ACTIONS;
  }
}

/** A table's own entry. Names may come from outside under a type nobody has checked. @throws {BadArgument} */
function own<T extends object, K extends keyof T & string>(table: T, name: K): T[K] {
  if (!Object.hasOwn(table, name))
    throw new BadArgument('parameter', 'There is no such parameter, or it may not be set.');
  return table[name];
}
