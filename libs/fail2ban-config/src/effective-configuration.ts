/**
 * Who a file belongs to, in the order in which fail2ban reads files of one name (client/configreader.py): `stock` is
 * `X.conf`, `stock-d` is `X.d/*.conf`, `local` is `X.local`, `local-d` is `X.d/*.local`, and `ours` are the files of
 * `jail.d` and `fail2ban.d` that BanGUI writes. What is read later wins. An included file has the layer of its own name.
 */
export type Layer = 'stock' | 'stock-d' | 'local' | 'local-d' | 'ours';

/** Where a value stands. */
export interface Origin {
  /** Relative to the folder, with `/`: `jail.d/defaults-debian.conf`. */
  readonly file: string;
  /** Of the option's name, from 1. */
  readonly line: number;
  /** Of the last line of the value. */
  readonly lastLine: number;
  readonly layer: Layer;
  /** As written between the brackets: `sshd`, `DEFAULT`, `Init?family=inet6`. */
  readonly section: string;
}

/** One setting of an option in one file. */
export interface SetValue {
  /** As fail2ban's parser gives it: without comments and indentation, lines joined by `\n`. */
  readonly raw: string;
  /** `null` for what fail2ban itself supplies: `fail2ban_version` and `fail2ban_confpath`. */
  readonly origin: Origin | null;
}

/** An option with the value that is in force. */
export interface EffectiveOption extends SetValue {
  /** In lower case, as fail2ban knows it. */
  readonly name: string;
  /** With `%(…)s` and `%%` replaced; `null` when that is impossible, see `problem`. */
  readonly value: string | null;
  /** Settings this one won over, nearest first: those of the section, then those of DEFAULT. */
  readonly overridden: readonly SetValue[];
  /** Why there is no value, in a sentence; `null` when there is one. */
  readonly problem: string | null;
}

/** By name, in the order of the files. */
export type EffectiveOptions = ReadonlyMap<string, EffectiveOption>;

/** A filter or action as a jail names it, for example `iptables[name=SSH, port="%(port)s"]`. */
export interface DefinitionUse {
  /** Without parameters. */
  readonly name: string;
  /** Parameters of the jail, in order. */
  readonly parameters: ReadonlyMap<string, string>;
  /** Whether a file of that name exists in `filter.d` or `action.d`. An action in Python exists as `NAME.py`. */
  readonly exists: boolean;
  /**
   * Options with parameters, `%(…)s` and `<tags>` replaced as far as fail2ban does before it starts the jail: what is
   * sent to the server. Empty when `problem` is set, and for an action in Python. Evaluated when first asked for.
   */
  readonly effective: ReadonlyMap<string, string>;
  /** Why it cannot be used, in a sentence. */
  readonly problem: string | null;
}

/** A jail, enabled or not. */
export interface JailConfiguration {
  readonly name: string;
  /** As the configuration says; a running server may differ. */
  readonly isEnabled: boolean;
  /** The headers of its section, in the order read. */
  readonly definedIn: readonly Origin[];
  /** Of its section and of DEFAULT. Evaluated when first asked for. */
  readonly options: EffectiveOptions;
  /** One of them, without evaluating the others; `name` in lower case. */
  option(name: string): EffectiveOption | undefined;
  /** `null` for a jail without a filter. */
  readonly filter: DefinitionUse | null;
  readonly actions: readonly DefinitionUse[];
  /** All that is wrong with it: values, filter and actions. Empty does not mean that a server accepts it: only the dry run tells. */
  readonly problems: readonly OptionProblem[];
}

/** A filter or an action by itself, without a jail. */
export interface DefinitionConfiguration {
  readonly name: string;
  /** What was read for it, in order, includes among them. */
  readonly files: readonly string[];
  /** `[Definition]` with DEFAULT. */
  readonly definition: EffectiveOptions;
  /** `[Init]` without DEFAULT, conditional sections as `option?condition`. */
  readonly init: EffectiveOptions;
  readonly problems: readonly OptionProblem[];
}

/** Something wrong with one option. */
export interface OptionProblem {
  /** `null` when it concerns the section as a whole. */
  readonly option: string | null;
  readonly message: string;
  readonly origin: Origin | null;
}

/** Something wrong with one file. The others are read nevertheless; fail2ban itself may refuse them all. */
export interface FileProblem {
  /** Relative to the folder. */
  readonly file: string;
  /** From 1; `null` when it concerns the file as a whole. */
  readonly line: number | null;
  readonly message: string;
}

/** A file that was read. */
export interface ConfigurationFile {
  /** Relative to the folder, with `/`. */
  readonly path: string;
  readonly layer: Layer;
  readonly bytes: number;
  /** Parsed; `null` when it could not be read or decoded, see `problems`. */
  readonly text: string | null;
  readonly problems: readonly FileProblem[];
}

/** A folder of fail2ban's configuration as it was read: a value that never changes. */
export interface Configuration {
  /** In the order of the files. */
  readonly jails: readonly JailConfiguration[];
  /** `[DEFAULT]` of `jail.conf` and its companions: what holds where a jail says nothing. */
  readonly jailDefaults: EffectiveOptions;
  /** By name. */
  readonly filters: readonly DefinitionConfiguration[];
  /** By name; actions in Python are not among them. */
  readonly actions: readonly DefinitionConfiguration[];
  /** `[Definition]` of `fail2ban.conf` and its companions. */
  readonly server: EffectiveOptions;
  /** By path. */
  readonly files: readonly ConfigurationFile[];
  /** Of all files, and of the folder itself. */
  readonly problems: readonly FileProblem[];
}

/** What the reader cannot find in the folder. */
export interface ReadConfigurationOptions {
  /** Value of `%(fail2ban_version)s`. `unknown` unless given. */
  readonly fail2banVersion?: string | undefined;
  /** The folder's path as the server knows it, where that differs from ours: in another container. */
  readonly serverPath?: string | undefined;
}
