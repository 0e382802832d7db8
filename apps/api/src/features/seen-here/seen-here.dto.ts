import { type SshdLogState } from './sshd-log.ts';

/** Through what somebody signed in: BanGUI itself, or sshd on this machine. */
export type SignInKind = 'bangui' | 'sshd';

/** Where successful sign-ins are known from. */
export class SignInSource {
  kind: SignInKind;
  /** `partly`: only the newest of them. `missing`: there is no such log. `unreadable`: BanGUI may not read it. */
  state: SshdLogState;
  /** The log; null when there is none to name. */
  path: string | null;
}

/** An address from which somebody signed in. */
export class SeenAddress {
  /** Canonical. */
  address: string;
  /** Through what, in alphabetical order. */
  through: SignInKind[];
  /** Sign-ins that succeeded. */
  signIns: number;
  /** Epoch milliseconds of the last one. */
  lastAt: number;
}

/** Addresses from which somebody signed in within the last 30 days. */
export class SeenHere {
  /** Latest sign-in first; at most 50. */
  items: SeenAddress[];
  /** How many there are in all. */
  count: number;
  sources: SignInSource[];
}
