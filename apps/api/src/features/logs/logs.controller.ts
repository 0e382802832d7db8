import { Controller, Get, Query } from '@nestjs/common';
import { LogPage, LogQuery } from './logs.dto.ts';
import { LogsService } from './logs.service.ts';

/** fail2ban's own log. */
@Controller('logs')
export class LogsController {
  constructor(private readonly logs: LogsService) {}

  /** The end of the log, what stands before it, or what was written since. */
  @Get()
  page(@Query() query: LogQuery): Promise<LogPage> {
    return this.logs.page(query);
  }
}
