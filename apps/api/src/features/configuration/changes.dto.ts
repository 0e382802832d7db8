import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsOptional,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';

/** An option is to have this value. */
export class OptionSetting {
  /** As fail2ban names it: `bantime`, `logpath`, `action` ... */
  @Matches(/^[A-Za-z0-9_.?=-]{1,64}$/)
  option: string;

  /** Lines separated by line feeds. */
  @IsString()
  @MaxLength(100_000)
  value: string;
}

/** A change of one jail, made in a file of BanGUI's own that is read after all others. */
export class JailEdit {
  /** `DEFAULT` for what holds for all jails. */
  @Length(1, 100)
  jail: string;

  @IsArray()
  @ArrayMaxSize(200)
  @ValidateNested({ each: true })
  @Type(() => OptionSetting)
  set: OptionSetting[] = [];

  /** Options that are to have again what other files say. */
  @IsArray()
  @ArrayMaxSize(200)
  @Matches(/^[A-Za-z0-9_.?=-]{1,64}$/, { each: true })
  unset: string[] = [];

  /** Of the file as it was read; null when there was none. */
  @ValidateIf((edit: JailEdit) => edit.etag !== null)
  @IsString()
  @Length(1, 64)
  etag: string | null;
}

/** Settings of fail2ban as a whole that are to outlast its restarts, kept in a file of BanGUI's own that is read after all others. */
export class ServerEdit {
  /** `loglevel`, `logtarget`, `dbpurgeage`, `dbmaxmatches`. */
  @IsArray()
  @ArrayMaxSize(4)
  @ValidateNested({ each: true })
  @Type(() => OptionSetting)
  set: OptionSetting[] = [];

  /** Those that are to have again what other files say. */
  @IsArray()
  @ArrayMaxSize(4)
  @Matches(/^[a-z]{1,64}$/, { each: true })
  unset: string[] = [];

  /** Of the file as it was read; null when there was none. */
  @ValidateIf((edit: ServerEdit) => edit.etag !== null)
  @IsString()
  @Length(1, 64)
  etag: string | null;
}

/** A file that is BanGUI's is to have this text. */
export class FileEdit {
  /** Within the configuration folder: `filter.d/my-app.local`. */
  @Length(1, 200)
  path: string;

  /** Null removes the file. */
  @ValidateIf((edit: FileEdit) => edit.text !== null)
  @IsString()
  @MaxLength(524_288)
  text: string | null;

  /** Of the file as it was read; null when there was none. */
  @ValidateIf((edit: FileEdit) => edit.etag !== null)
  @IsString()
  @Length(1, 64)
  etag: string | null;
}

/** What is to be different. All of it is done, or nothing. */
export class ConfigurationEdits {
  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => JailEdit)
  jails: JailEdit[] = [];

  @IsArray()
  @ArrayMaxSize(100)
  @ValidateNested({ each: true })
  @Type(() => FileEdit)
  files: FileEdit[] = [];

  @IsOptional()
  @ValidateNested()
  @Type(() => ServerEdit)
  server?: ServerEdit;
}

/** Why, and the proof that it is still the administrator who asks. */
export class ChangeReason {
  /** For those who look at the versions later. */
  @IsString()
  @MaxLength(500)
  comment: string = '';

  /** Needed when a command changes that fail2ban runs as root. */
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  password?: string;
}

/** A change with its reason. */
export class ConfigurationChange extends ConfigurationEdits {
  /** For those who look at the versions later. */
  @IsString()
  @MaxLength(500)
  comment: string = '';

  /** Needed when a command changes that fail2ban runs as root. */
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  password?: string;
}

/** A file that its owner hands over to BanGUI. */
export class Adoption {
  /** Within the configuration folder: `jail.local`, `filter.d/my-app.local` ... */
  @Length(1, 200)
  path: string;

  /** Of the file as it was read. */
  @Length(1, 64)
  etag: string;

  @IsString()
  @MaxLength(500)
  comment: string = '';
}

/**
 * Which check found a problem: BanGUI's own reader, `fail2ban-client -t`, the dry run with fail2ban's own classes, or the
 * probe of regular expressions that were not there before.
 */
export type CheckStep = 'reader' | 'test' | 'dry-run' | 'probe';

/** Something that keeps a change from being made. */
export class ChangeProblem {
  step: CheckStep;
  /** Within the configuration folder; null when it cannot be told. */
  file: string | null;
  /** From 1; null when it cannot be told. */
  line: number | null;
  /** Null when it concerns no jail, or all. */
  jail: string | null;
  option: string | null;
  /** For a person; of the later steps in fail2ban's own words. */
  message: string;
}

/** A file as it is and as it would be. */
export class FileDifference {
  path: string;
  /** Null when there is no such file. */
  before: string | null;
  /** Null when it would be removed. */
  after: string | null;
}

/** What a change would do. Nothing was written. */
export class ChangeCheck {
  /** Empty when the change can be made. */
  problems: ChangeProblem[];
  files: FileDifference[];
  /** Jails that would be there and are not enabled now. */
  added: string[];
  /** Jails that are enabled now and would not be any more: their bans end. */
  removed: string[];
  /** Whether commands change that fail2ban runs as root, so that the password is asked for. */
  needsPassword: boolean;
  tookMs: number;
}
