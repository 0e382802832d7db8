/** fail2ban's own programs, as absolute paths. They must be of the same fail2ban as the server that is asked. */
export interface Fail2banPrograms {
  /** `fail2ban-client` */
  readonly client: string;
  /** A Python interpreter that can import fail2ban. */
  readonly python: string;
}

/** Something in the configuration that would make a start or reload fail, or silently lose a part of it. */
export interface ConfigurationProblem {
  /** `null` when it concerns the whole configuration or cannot be told. */
  readonly jail: string | null;
  /** The option of the configuration (`failregex`, `bantime`, `filter` ...), `null` when it cannot be told. */
  readonly option: string | null;
  /** fail2ban's own words, at most about 2,000 characters. */
  readonly message: string;
}

/** A value as fail2ban has it: what a running server's `get` would answer. */
export type ConfiguredValue = string | number | boolean | null | readonly ConfiguredValue[];

/** One command as it goes over fail2ban's socket. */
export type StreamCommand = readonly ConfiguredValue[];

/** An enabled jail as a server would have it after a reload, in fail2ban's own terms. */
export interface ConfiguredJail {
  readonly name: string;
  /** Name of its filter without parameters; `null` for a jail without one. */
  readonly filter: string | null;
  /** As configured: `auto`, `polling`, `pyinotify`, `systemd`, `systemd[journalpath=...]` ... */
  readonly backend: string;
  /** Expanded: with fail2ban's own groups in place of `<HOST>` and the like. */
  readonly failRegexes: readonly string[];
  readonly ignoreRegexes: readonly string[];
  /** Empty when there is none. */
  readonly prefRegex: string;
  /** Files that exist now and match the configured patterns. */
  readonly logPaths: readonly string[];
  /** Alternatives of conditions that must all hold; empty unless the backend is systemd. */
  readonly journalMatches: readonly (readonly string[])[];
  readonly actions: readonly string[];
  /** Addresses, networks and host names that are never banned. Without order. */
  readonly ignoreList: readonly string[];
  readonly ignoreSelf: boolean;
  /**
   * By the name `get <jail> <name>` knows: `bantime`, `findtime` (seconds), `maxretry`, `usedns`, `datepattern`,
   * `bantime.increment` ... `logencoding` is `null` where the running server chooses it.
   */
  readonly parameters: Readonly<Record<string, ConfiguredValue>>;
}

/** Outcome of reading a whole configuration without touching a server. */
export interface DryRun {
  /** Version of the fail2ban that did it. */
  readonly version: string;
  /** Nothing may be sent to a server unless this is empty. */
  readonly problems: readonly ConfigurationProblem[];
  readonly jails: readonly ConfiguredJail[];
  /** The commands of a reload, in order. */
  readonly stream: readonly StreamCommand[];
  /** Wall time in milliseconds. */
  readonly tookMs: number;
}
