import { Type } from 'class-transformer';
import { IsIn, IsInt, Length, Min } from 'class-validator';

/** Whose file it is: it comes with fail2ban, a person wrote it, or BanGUI may change it. */
export type FileOwner = 'stock' | 'person' | 'ours';

/** In the order in which fail2ban reads files of one name; what is read later wins. */
export type ConfigurationLayer = 'stock' | 'stock-d' | 'local' | 'local-d' | 'ours';

/** Where a value stands. */
export class ValueOrigin {
  /** Within the configuration folder: `jail.d/defaults-debian.conf`. */
  file: string;
  /** From 1. */
  line: number;
  layer: ConfigurationLayer;
  /** As written between the brackets. */
  section: string;
}

/** One setting of an option in one file. */
export class OptionValue {
  /** As written, lines joined by line feeds. */
  raw: string;
  /** Null for what fail2ban itself supplies. */
  origin: ValueOrigin | null;
}

/** An option with the value that is in force. */
export class ConfigurationOption extends OptionValue {
  name: string;
  /** With everything put in; null when that is impossible. */
  value: string | null;
  /** What it won over, nearest first. */
  overridden: OptionValue[];
  /** Why there is no value; null when there is one. */
  problem: string | null;
}

/** Something wrong with one option, or with all of it. */
export class ConfigurationProblemView {
  option: string | null;
  message: string;
  origin: ValueOrigin | null;
}

/** A file of the configuration folder. */
export class ConfigurationFileView {
  path: string;
  layer: ConfigurationLayer;
  owner: FileOwner;
  /** Whether an administrator could hand it over to BanGUI. */
  isAdoptable: boolean;
  bytes: number;
  problems: FileProblemView[];
}

/** Something wrong with a file. */
export class FileProblemView {
  /** From 1; null when it concerns the file as a whole. */
  line: number | null;
  message: string;
}

/** A file with its text. */
export class ConfigurationFileText extends ConfigurationFileView {
  /** Null when it cannot be read as text. */
  text: string | null;
  /** Names this content; a change sends it back. */
  etag: string | null;
}

/** A change that is under way, or was interrupted. */
export class ChangeUnderWay {
  /** `checking`, `writing` and `undoing` go on by themselves; `stuck` needs a decision. */
  state: 'checking' | 'writing' | 'undoing' | 'stuck';
  actor: string;
  comment: string;
  /** Epoch milliseconds. */
  startedAt: number;
  paths: string[];
  /** Why it is stuck; null otherwise. */
  problem: string | null;
}

/** The configuration as a whole. */
export class ConfigurationOverview {
  /** The folder. */
  directory: string;
  /** The newest version; null before the first change. */
  version: number | null;
  /** Null when nothing is going on. */
  change: ChangeUnderWay | null;
  files: ConfigurationFileView[];
}

/** A jail as the configuration has it, enabled or not. */
export class ConfiguredJailSummary {
  name: string;
  isEnabled: boolean;
  /** Whether fail2ban has it now. */
  isRunning: boolean;
  /** Of the file that first names it. */
  layer: ConfigurationLayer;
  /** Whether BanGUI changes something about it. */
  isChanged: boolean;
  /** Whether only BanGUI's own file names it, so that it can be removed. */
  isOurs: boolean;
  /** Null for a jail without one. */
  filter: string | null;
  actions: string[];
  /** What fail2ban's own reader found wrong with it when it was last asked; of enabled jails only. */
  problems: number;
}

/** All jails of the configuration. */
export class ConfiguredJailList {
  items: ConfiguredJailSummary[];
}

/** A filter or an action that a jail uses. */
export class UsedDefinition {
  name: string;
  /** Parameters as the jail gives them. */
  parameters: Record<string, string>;
  /** Whether there is a file of that name. */
  exists: boolean;
  problem: string | null;
}

/** A jail with everything the configuration says of it. */
export class ConfiguredJailDetail {
  name: string;
  isEnabled: boolean;
  isRunning: boolean;
  isOurs: boolean;
  definedIn: ValueOrigin[];
  options: ConfigurationOption[];
  filter: UsedDefinition | null;
  actions: UsedDefinition[];
  problems: ConfigurationProblemView[];
  /** The file in which BanGUI changes it; its text is null as long as it does not. */
  file: OwnFile;
}

/** A file of BanGUI's own, which need not be there. */
export class OwnFile {
  path: string;
  text: string | null;
  etag: string | null;
}

/** A filter or an action. */
export class DefinitionSummary {
  name: string;
  /** Of the file that is read first. */
  layer: ConfigurationLayer;
  /** Whether BanGUI may change its last file. */
  isOurs: boolean;
  /** Enabled jails that use it. */
  usedBy: string[];
  problems: number;
}

/** All filters, or all actions. */
export class DefinitionList {
  items: DefinitionSummary[];
}

/** A filter or an action with everything the configuration says of it. */
export class DefinitionDetail {
  name: string;
  /** In the order read. */
  files: ConfigurationFileText[];
  /** Options of `[Definition]`. */
  definition: ConfigurationOption[];
  /** Options of `[Init]`. */
  init: ConfigurationOption[];
  usedBy: string[];
  problems: ConfigurationProblemView[];
  /** The file in which BanGUI changes it, or would. */
  file: OwnFile;
}

/** What a version did to a file. */
export class VersionFile {
  path: string;
  change: 'added' | 'changed' | 'removed';
}

/** A version of the configuration. */
export class ConfigurationVersion {
  /** From 1. */
  number: number;
  /** Epoch milliseconds. */
  at: number;
  kind: 'change' | 'restore' | 'adopt';
  actor: string;
  comment: string;
  /** The version it went back to; null otherwise. */
  restored: number | null;
  files: VersionFile[];
}

/** Versions, newest first. */
export class VersionPage {
  items: ConfigurationVersion[];
  nextCursor: string | null;
}

/** A file before and after a version. */
export class VersionFileText {
  path: string;
  before: string | null;
  after: string | null;
}

/** A version with what it changed. */
export class ConfigurationVersionDetail {
  number: number;
  at: number;
  kind: 'change' | 'restore' | 'adopt';
  actor: string;
  comment: string;
  restored: number | null;
  files: VersionFileText[];
}

/** A jail, filter or action in an address. */
export class DefinitionName {
  @Length(1, 200)
  name: string;
}

/** A file in a query. */
export class FilePath {
  /** Within the configuration folder. */
  @Length(1, 300)
  path: string;
}

/** What the configuration says of fail2ban as a whole. */
export class ConfiguredServer {
  options: ConfigurationOption[];
  /** What its `dbpurgeage`, such as `1d`, is in seconds; null without one, or where it is no plain duration. */
  purgeAgeSeconds: number | null;
  /** In which BanGUI keeps such settings. */
  file: OwnFile;
}

/** A version in an address. */
export class VersionNumber {
  @Type(() => Number)
  @IsInt()
  @Min(0)
  number: number;
}

/** What to do about an interrupted change that could not be undone. */
export class Resolution {
  /** `undo` writes the files as they were before it; `keep` takes them as they are. */
  @IsIn(['undo', 'keep'])
  how: 'undo' | 'keep';
}
