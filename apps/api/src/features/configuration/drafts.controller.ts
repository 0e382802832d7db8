import { Body, Controller, Delete, Get, HttpCode, Put, Query } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { CurrentRequester } from '../auth/index.ts';
import { ConfigurationDrafts } from './configuration-drafts.ts';
import { FilePath } from './configuration.dto.ts';
import { DraftAnswer, DraftToKeep } from './drafts.dto.ts';

/** Changes that were begun and not applied, each seen by its owner only. */
@Controller('configuration/draft')
export class DraftsController {
  constructor(private readonly drafts: ConfigurationDrafts) {}

  /** The requester's draft of a file. */
  @Get()
  async draft(@Query() { path }: FilePath, @CurrentRequester() requester: Requester): Promise<DraftAnswer> {
    return { draft: await this.drafts.of(path, requester) };
  }

  /** Keeps a draft in place of the one before. At most 50 for each administrator, for 30 days. */
  @Put()
  @HttpCode(204)
  keep(@Body() draft: DraftToKeep, @CurrentRequester() requester: Requester): Promise<void> {
    return this.drafts.keep(draft, requester);
  }

  /** Forgets the requester's draft of a file. */
  @Delete()
  @HttpCode(204)
  discard(@Query() { path }: FilePath, @CurrentRequester() requester: Requester): Promise<void> {
    return this.drafts.discard([path], requester);
  }
}
