import { Controller, Get, Query } from '@nestjs/common';
import { AuditPage, AuditQuery, type AuditEvent } from './audit.dto.ts';
import { AuditRepository } from './audit.repository.ts';

/** What was done, by whom, from where. */
@Controller('audit')
export class AuditController {
  constructor(private readonly events: AuditRepository) {}

  /** The audit log, newest first. */
  @Get()
  async page(@Query() query: AuditQuery): Promise<AuditPage> {
    const { items, nextCursor } = await this.events.page(query);
    // The columns hold what AuditTrail wrote: JSON objects or null.
    return { items: items.map((item) => ({ ...item }) as AuditEvent), nextCursor };
  }
}
