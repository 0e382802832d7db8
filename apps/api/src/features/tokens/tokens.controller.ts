import { Body, Controller, Delete, Get, Header, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { CurrentRequester } from '../auth/index.ts';
import { type ApiTokenEntity } from './api-token.entity.ts';
import { AnyToken, CurrentToken } from './token-scope.ts';
import { CreatedApiToken, NewApiToken, OwnApiToken, TokenPage, TokenQuery } from './tokens.dto.ts';
import { TokensService } from './tokens.service.ts';

/** API tokens: for programs that read feeds and figures or report what they enforce. */
@Controller('tokens')
export class TokensController {
  constructor(private readonly tokens: TokensService) {}

  /** Every token that was not revoked, newest first. */
  @Get()
  page(@Query() query: TokenQuery): Promise<TokenPage> {
    return this.tokens.page(query);
  }

  /** What the token of this request may do: for trying one out. Takes a token, not a session. */
  @Get('own')
  @AnyToken()
  own(@CurrentToken() { name, scopes, expiresAt }: ApiTokenEntity): OwnApiToken {
    return { name, scopes, expiresAt };
  }

  /** Makes a token. It is in this answer and nowhere else. */
  @Post()
  @Header('Cache-Control', 'no-store')
  create(@Body() token: NewApiToken, @CurrentRequester() requester: Requester): Promise<CreatedApiToken> {
    return this.tokens.create(token, requester);
  }

  /** Revokes a token: from now on it is refused. */
  @Delete(':id')
  @HttpCode(204)
  revoke(@Param('id', ParseUUIDPipe) id: string, @CurrentRequester() requester: Requester): Promise<void> {
    return this.tokens.revoke(id, requester);
  }
}
