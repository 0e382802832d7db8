import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsString,
  Length,
  Matches,
  MaxLength,
  ValidateIf,
  ValidateNested,
} from 'class-validator';
import { OptionSetting } from './changes.dto.ts';

/** What somebody typed for one file and has not applied. */
export class DraftToKeep {
  /** Of the file in which the change would be made, within the configuration folder. */
  @Length(1, 200)
  path: string;

  /** Of that file as it was when the change was begun; null when there was none. */
  @ValidateIf((draft: DraftToKeep) => draft.etag !== null)
  @IsString()
  @Length(1, 64)
  etag: string | null;

  /** Options of a jail that are to have a value. */
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

  /** The text of a filter or an action; null for a jail. */
  @ValidateIf((draft: DraftToKeep) => draft.text !== null)
  @IsString()
  @MaxLength(524_288)
  text: string | null = null;
}

/** A draft as it was kept. */
export class ConfigurationDraft {
  path: string;
  /** Of the file as it was when the change was begun; a change with it is refused when the file is another one by now. */
  etag: string | null;
  set: OptionSetting[];
  unset: string[];
  text: string | null;
  /** Epoch milliseconds; forgotten 30 days later. */
  savedAt: number;
}

/** A draft, if there is one. */
export class DraftAnswer {
  draft: ConfigurationDraft | null;
}
