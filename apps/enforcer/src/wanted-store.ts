import {
  BadWantedMessage,
  decodeWanted,
  encodeWanted,
  isOlder,
  type WantedMessage,
  type WantedVersion,
} from '@bangui/enforcement';
import { type AddressSet } from '@bangui/ip';
import { type Log, wordsOf } from './log.ts';
import { type StateFolder } from './state-folder.ts';

/** A wanted set as it was received last. */
export interface StoredWanted {
  readonly version: WantedVersion;
  readonly blocked: AddressSet;
  readonly allowed: AddressSet;
}

/** The set that was offered is older than the one that is held. */
export class OlderWanted extends Error {}

/** The wanted set that counts: the latest one received, also after a restart. */
export class WantedStore {
  private readonly folder: StateFolder;
  private readonly log: Log;
  private held: StoredWanted | undefined;

  constructor(folder: StateFolder, log: Log) {
    this.folder = folder;
    this.log = log;
  }

  /** What is wanted; undefined before anything was received. */
  get current(): StoredWanted | undefined {
    return this.held;
  }

  /** Takes what an earlier process has kept. */
  async restore(): Promise<void> {
    const bytes = await this.folder.wanted();
    if (!bytes) return;
    try {
      this.held = this.taken(decodeWanted(bytes));
      this.log.at('info', 'wanted_restored', { generation: this.held.version.generation });
    } catch (error) {
      // It is asked for anew.
      this.log.at('warn', 'wanted_not_restored', { reason: wordsOf(error) });
    }
  }

  /** Takes a message and keeps its outcome. @throws {BadWantedMessage | OlderWanted} and holds what it held */
  async receive(bytes: Uint8Array): Promise<StoredWanted> {
    const next = this.taken(decodeWanted(bytes));
    this.held = next;
    try {
      await this.folder.keepWanted(encodeWanted({ kind: 'full', ...next }));
    } catch (error) {
      // It is in force all the same; only a restart without the API would not know it.
      this.log.at('error', 'state_not_kept', { reason: wordsOf(error) });
    }
    return next;
  }

  private taken(message: WantedMessage): StoredWanted {
    const { version } = message;
    if (this.held && isOlder(version, this.held.version)) {
      throw new OlderWanted(
        `Generation ${version.generation} of holder ${version.fencing} is older than ${this.held.version.generation} of ${this.held.version.fencing}. A resync in the portal makes it count.`,
      );
    }
    const { blocked, allowed } = this.setsOf(message);
    if (blocked.contentHash() !== version.blockedHash || allowed.contentHash() !== version.allowedHash) {
      throw new BadWantedMessage('The sets are not those that the message names.');
    }
    return { version, blocked, allowed };
  }

  private setsOf(message: WantedMessage): Pick<StoredWanted, 'blocked' | 'allowed'> {
    if (message.kind === 'full') return message;
    const { held } = this;
    if (held?.version.generation !== message.from) {
      throw new BadWantedMessage(`The difference starts from generation ${message.from}, which is not held.`);
    }
    const change = (set: AddressSet, { added, removed }: { added: AddressSet; removed: AddressSet }): AddressSet =>
      added.isEmpty && removed.isEmpty ? set : set.subtract(removed).union(added);
    return { blocked: change(held.blocked, message.blocked), allowed: change(held.allowed, message.allowed) };
  }
}
