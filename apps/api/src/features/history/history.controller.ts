import { Controller, Get, Param, Query, Res } from '@nestjs/common';
import { ApiProduces } from '@nestjs/swagger';
import { type FastifyReply } from 'fastify';
import { AddressHistory, AddressHistoryQuery, HistoryExportQuery, HistoryPage, HistoryQuery } from './history.dto.ts';
import { HistoryExport } from './history-export.ts';
import { HistoryService } from './history.service.ts';

/** The archive of every ban and unban. */
@Controller('history')
export class HistoryController {
  constructor(
    private readonly history: HistoryService,
    private readonly exports: HistoryExport,
  ) {}

  /** Events that pass all filters, newest first. */
  @Get()
  page(@Query() query: HistoryQuery): Promise<HistoryPage> {
    return this.history.page(query);
  }

  /** The same events as a file. It is written while it is read, so it has no length. */
  @Get('export')
  @ApiProduces('text/csv', 'application/json', 'application/x-ndjson')
  async export(@Query() query: HistoryExportQuery, @Res() reply: FastifyReply): Promise<void> {
    await this.exports.send(query, reply);
  }

  /** Everything the archive knows about an address or network, such as `192.0.2.1` or `192.0.2.0%2F24`. */
  @Get(':address')
  address(@Param('address') address: string, @Query() query: AddressHistoryQuery): Promise<AddressHistory> {
    return this.history.ofAddress(address, query);
  }
}
