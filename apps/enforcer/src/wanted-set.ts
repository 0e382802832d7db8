import { type Placement } from '@bangui/enforcement';
import { type AddressSet } from '@bangui/ip';

export { type Placement } from '@bangui/enforcement';

/** What the kernel is to enforce: whoever pulls it from the API makes one of these and gives it to an {@link Applier}. */
export interface WantedSet {
  /** Number of this state; a later one is higher. Reported back as it is. */
  readonly generation: number;
  /** Sources whose packets are dropped. */
  readonly blocked: AddressSet;
  /** Sources that are never dropped, whatever `blocked` says. */
  readonly allowed: AddressSet;
  readonly placement: Placement;
}

/** What the kernel holds, as read from it. */
export interface KernelState {
  /** Networks and single addresses in the sets that are in force, both families. */
  readonly blockedEntries: number;
  readonly allowedEntries: number;
  /** Kernel memory of all sets of ours, in bytes. */
  readonly memoryBytes: number;
  /** Packets and bytes that our rules dropped since they were last put in place. */
  readonly droppedPackets: number;
  readonly droppedBytes: number;
}

/** What is not as it was left. */
export type Drift =
  /** The sets are gone, or have another number of entries. */
  | 'sets'
  /** A sampled entry is missing. */
  | 'entries'
  /** Rules are missing, changed, doubled or no longer the first. */
  | 'rules';

/** How a wanted set got into the kernel. */
export interface Applied {
  readonly generation: number;
  /** `full`: new sets took the place of the old ones; `difference`: entries were added and deleted; `unchanged`: nothing was to be done. */
  readonly method: 'full' | 'difference' | 'unchanged';
  /** Entries loaded, or added and deleted. */
  readonly changes: number;
  readonly tookMs: number;
  /** What had to be repaired on the way. */
  readonly repaired: readonly Drift[];
  readonly state: KernelState;
}

/** Makes the kernel hold a wanted set. Calls do not run at the same time: a second one waits for the first. */
export interface Applier {
  /**
   * Applies a set and proves it by reading back. Called again with the same set it only checks, and repairs what somebody
   * flushed or changed meanwhile; a caller does so every few seconds.
   */
  apply(wanted: WantedSet): Promise<Applied>;
  /** Reads the kernel without changing it; `drift` is measured against the set applied last by this process. */
  inspect(): Promise<{ readonly state: KernelState; readonly drift: readonly Drift[] }>;
  /** Removes every rule and set of ours, whoever made them. */
  remove(): Promise<void>;
}
