import { type AddressSet, type SetChange } from '@bangui/ip';

/** What is to be enforced. */
export interface Wanted {
  /** Higher for each other content; it survives restarts. */
  readonly generation: number;
  /** Stands for the content. */
  readonly hash: string;
  /** Sources whose packets are dropped; who is allowed has been taken out. */
  readonly blocked: AddressSet;
  /** Sources that are never dropped. */
  readonly allowed: AddressSet;
}

/** How one wanted set became another one. */
export interface WantedDelta {
  /** The generation that the changes lead to. */
  readonly generation: number;
  readonly blocked: SetChange;
  readonly allowed: SetChange;
}

/** Where the wanted set comes from. */
export abstract class WantedSource {
  /** What is wanted now. Rejects when it cannot be known; nothing changes then. */
  abstract current(): Promise<Wanted>;
  /** What changed since a generation; undefined when that is no longer known, and the whole set has to be read. */
  abstract delta(fromGeneration: number): Promise<WantedDelta | undefined>;
  /** Calls back after each change, also one that another instance made. @returns stops calling */
  abstract onChange(listener: () => void): () => void;
}
