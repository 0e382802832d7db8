import { Controller, Get, Param, ParseUUIDPipe, Query } from '@nestjs/common';
import { ImportRunUnknown } from './blocklists.errors.ts';
import { shownRun } from './run-shown.ts';
import { ImportRunDetail, ImportRunPage, ImportRunQuery } from './runs.dto.ts';
import { RunsRepository } from './store/runs.repository.ts';

/** Imports of lists. */
@Controller('blocklists/runs')
export class ImportRunsController {
  constructor(private readonly runs: RunsRepository) {}

  /** Imports of all lists or of one, newest first. */
  @Get()
  async page(@Query() { source, ...query }: ImportRunQuery): Promise<ImportRunPage> {
    const { items, nextCursor } = await this.runs.page(query, source);
    return { items: items.map(shownRun), nextCursor };
  }

  /** An import with its log. */
  @Get(':id')
  async one(@Param('id', ParseUUIDPipe) id: string): Promise<ImportRunDetail> {
    const [run, log] = await Promise.all([this.runs.byId(id), this.runs.log(id)]);
    if (!run) throw new ImportRunUnknown();
    return { ...shownRun(run), log: log.map(({ at, level, message }) => ({ at, level, message })) };
  }
}
