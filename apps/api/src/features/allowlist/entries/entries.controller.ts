import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query } from '@nestjs/common';
import { type Requester } from '../../../core/http/requester.ts';
import { CurrentRequester } from '../../auth/index.ts';
import { SeenHere } from '../../seen-here/index.ts';
import {
  AddedAllowlistEntries,
  AllowlistEntry,
  AllowlistEntryChange,
  AllowlistPage,
  AllowlistQuery,
  NewAllowlistEntries,
} from './entries.dto.ts';
import { AllowlistEntriesService } from './entries.service.ts';
import { Suggestions } from './suggestions.ts';

/** Addresses that are never banned by anything. */
@Controller('allowlist')
export class AllowlistController {
  constructor(
    private readonly entries: AllowlistEntriesService,
    private readonly suggestions: Suggestions,
  ) {}

  /** The allowlist, newest first; with what each jail makes of an entry that is pushed to fail2ban. */
  @Get()
  page(@Query() query: AllowlistQuery): Promise<AllowlistPage> {
    return this.entries.page(query);
  }

  /** From where somebody signed in lately who is not on the allowlist. */
  @Get('suggestions')
  suggested(): Promise<SeenHere> {
    return this.suggestions.missing();
  }

  /** Adds addresses and networks, all or none. Says which bans in force it does not lift. */
  @Post()
  add(@Body() request: NewAllowlistEntries, @CurrentRequester() requester: Requester): Promise<AddedAllowlistEntries> {
    return this.entries.add(request, requester);
  }

  /** Changes note, expiry or whether it is pushed. */
  @Patch(':id')
  change(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() change: AllowlistEntryChange,
    @CurrentRequester() requester: Requester,
  ): Promise<AllowlistEntry> {
    return this.entries.change(id, change, requester);
  }

  /** Removes an entry; jails that ignored it because of it no longer do. */
  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', ParseUUIDPipe) id: string, @CurrentRequester() requester: Requester): Promise<void> {
    return this.entries.remove(id, requester);
  }
}
