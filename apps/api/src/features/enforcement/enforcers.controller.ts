import { wantedMediaType } from '@bangui/enforcement';
import { Body, Controller, Get, Headers, HttpCode, Post, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiTokenEntity, CurrentToken, TokenScope } from '../tokens/index.ts';
import { WantedQuery } from './enforcement.dto.ts';
import { EnforcementService } from './enforcement.service.ts';
import { NewEnforcerReport, OrdersForEnforcer } from './enforcer-report.dto.ts';
import { WantedAnswers } from './wanted-answers.ts';

/** What enforcers ask and tell. */
@Controller('enforcement')
export class EnforcersController {
  constructor(
    private readonly enforcement: EnforcementService,
    private readonly answers: WantedAnswers,
  ) {}

  /**
   * The wanted set, packed. With `If-None-Match` it answers 304 while nothing else is wanted, with `wait` only after
   * that time; with `from` it may answer with the difference. Takes a token with `enforcement:read`.
   */
  @Get('wanted')
  @TokenScope('enforcement:read')
  @ApiProduces(wantedMediaType)
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async wanted(
    @Query() { from, wait = 0 }: WantedQuery,
    @Headers('if-none-match') known: string | undefined,
    @Req() request: FastifyRequest,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    this.enforcement.requireEnforcers();
    const gone = new AbortController();
    const leave = (): void => gone.abort();
    request.raw.socket.once('close', leave);
    try {
      const current = await this.answers.next(known, wait * 1_000, gone.signal);
      reply.header('ETag', current.etag).header('Cache-Control', 'private, no-cache');
      if (current.etag === known) {
        await reply.code(304).send();
        return;
      }
      const bytes = await this.answers.message(current, from);
      await reply.type(wantedMediaType).send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
    } finally {
      request.raw.socket.off('close', leave);
    }
  }

  /**
   * What an enforcer holds and how it is; the answer says what it is to do. Its id and name belong to
   * the token that reported them first, until that is revoked or expires. Takes a token with `enforcement:report`.
   */
  @Post('reports')
  @TokenScope('enforcement:report')
  @HttpCode(200)
  report(@Body() report: NewEnforcerReport, @CurrentToken() token: ApiTokenEntity): Promise<OrdersForEnforcer> {
    return this.enforcement.report(report, token.id);
  }
}
