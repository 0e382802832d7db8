import { Readable } from 'node:stream';
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiOkResponse, ApiProduces } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { TokenScope } from '../../tokens/index.ts';
import { feedFormats } from './feed-formats.ts';
import { feedPieces } from './feed-pieces.ts';
import { Feeds } from './feeds.ts';
import { FeedQuery } from './feeds.dto.ts';
import { FeedUnknown } from './feeds.errors.ts';

/** Lists for other firewalls, by token. */
@Controller('feeds')
export class FeedsController {
  constructor(private readonly feeds: Feeds) {}

  /**
   * A feed such as `merged.txt`: the set to enforce (`merged`) or one list, as `txt`, `cidr`, `nft`, `ipset`, `json` or `rsc`. Takes an
   * API token with the scope `feeds:read` as Bearer, Basic password or `?token=`. `X-BanGUI-Generation` is what to give as `since` next time.
   */
  @Get(':file')
  @TokenScope('feeds:read', { places: 'feed' })
  @ApiProduces('text/plain', 'application/json')
  @ApiOkResponse({ description: 'The feed', schema: { type: 'string' } })
  async send(
    @Param('file') file: string,
    @Query() { since }: FeedQuery,
    @Headers('if-none-match') known: string | undefined,
    @Res() reply: FastifyReply,
  ): Promise<void> {
    const [, name = '', ending = ''] = /^([a-z0-9-]{1,64})\.([a-z]{2,8})$/.exec(file) ?? [];
    const format = Object.entries(feedFormats).find(([key]) => key === ending)?.[1];
    if (!format) throw new FeedUnknown();
    const content = await this.feeds.content(name, since);
    const { generation, hash } = content.head;
    const etag = `"${hash.slice(0, 32)}-${since === undefined ? 'all' : `${since}-${generation}`}-${ending}"`;
    reply
      .header('ETag', etag)
      .header('X-BanGUI-Generation', String(generation))
      .header('Cache-Control', 'private, no-cache');
    if (known !== undefined && known.length < 1_000 && known.includes(etag)) {
      await reply.code(304).send();
      return;
    }
    reply.header('Content-Type', format.contentType);
    await reply.send(Readable.from(feedPieces(content, format), { objectMode: false, highWaterMark: 65_536 }));
  }
}
