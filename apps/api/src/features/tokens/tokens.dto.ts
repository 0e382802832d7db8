import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  Length,
  Max,
  Min,
} from 'class-validator';
import { PageQuery } from '../../core/database/page-query.dto.ts';
import { IsPlainText } from '../../core/http/plain-text.ts';
import { type TokenScopeName, tokenScopes } from './api-token.entity.ts';

/** Which part of the list of tokens to read. */
export class TokenQuery extends PageQuery {}

/** What token to make. */
export class NewApiToken {
  /** What it is for, for example the name of the firewall that uses it. */
  @IsString()
  @Length(1, 64)
  @IsPlainText()
  name: string;

  /** What it may do; nothing else. */
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(tokenScopes.length)
  @ArrayUnique()
  @IsIn(tokenScopes, { each: true })
  scopes: TokenScopeName[];

  /** Epoch milliseconds from which on it is refused; null or absent for never. */
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(8.64e15)
  expiresAt?: number | null;
}

/** A token as it may be shown: without the token itself, which nobody knows any more. */
export class ApiToken {
  id: string;
  name: string;
  scopes: TokenScopeName[];
  /** Who made it. */
  owner: string;
  /** Epoch milliseconds. */
  createdAt: number;
  /** Epoch milliseconds from which on it is refused; null for never. */
  expiresAt: number | null;
  isExpired: boolean;
  /** Epoch milliseconds, exact to a minute; null before the first use. */
  lastUsedAt: number | null;
}

/** A token that was just made. */
export class CreatedApiToken extends ApiToken {
  /** The token itself. It is told this once and kept nowhere. */
  token: string;
}

/** Tokens, newest first. */
export class TokenPage {
  items: ApiToken[];
  /** Ask for the next page with it; null at the end. */
  nextCursor: string | null;
}

/** The token that a request came with. */
export class OwnApiToken {
  name: string;
  scopes: TokenScopeName[];
  /** Epoch milliseconds; null for never. */
  expiresAt: number | null;
}
