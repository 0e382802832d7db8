import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Patch, Post, Query, Res } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { answerOperation, AnswersOperation, Operation, type StatusReply } from '../../core/operations/index.ts';
import { CurrentRequester } from '../auth/index.ts';
import {
  Blocklist,
  BlocklistChange,
  BlocklistList,
  BlocklistPreview,
  BlocklistPreviewRequest,
  NewBlocklist,
} from './blocklists.dto.ts';
import { LookupQuery, LookupResult, OverlapMatrix } from './lookup.dto.ts';
import { Lookups } from './lookup/lookups.ts';
import { ImportRequests } from './run/import-requests.ts';
import { Previews } from './sources/previews.ts';
import { SourceCatalog } from './sources/source-catalog.ts';
import { SourceEdits } from './sources/source-edits.ts';

/** Lists of addresses that others publish. */
@Controller('blocklists')
export class BlocklistsController {
  constructor(
    private readonly catalog: SourceCatalog,
    private readonly edits: SourceEdits,
    private readonly imports: ImportRequests,
    private readonly previews: Previews,
    private readonly lookups: Lookups,
  ) {}

  /** Every list with its state, and the set that is to be enforced. */
  @Get()
  list(): Promise<BlocklistList> {
    return this.catalog.list();
  }

  /** Subscribes to a list; it is imported soon. */
  @Post()
  async create(@Body() request: NewBlocklist, @CurrentRequester() requester: Requester): Promise<Blocklist> {
    const source = await this.edits.create(request, requester);
    if (source.isEnabled) await this.imports.queue(source, requester.username);
    return this.catalog.one(source.id);
  }

  /** Says what an import with these settings would make of the list, step by step. Stores nothing. */
  @Post('preview')
  @HttpCode(200)
  previewUnsaved(@Body() request: BlocklistPreviewRequest): Promise<BlocklistPreview> {
    return this.previews.unsaved(request);
  }

  /** Which lists hold an address or network. */
  @Get('lookup')
  lookUp(@Query() { address }: LookupQuery): Promise<LookupResult> {
    return this.lookups.lookUp(address);
  }

  /** How the enabled lists overlap, and what each of them holds alone. */
  @Get('overlap')
  overlap(): Promise<OverlapMatrix> {
    return this.lookups.overlap();
  }

  /** One list. */
  @Get(':id')
  one(@Param('id', ParseUUIDPipe) id: string): Promise<Blocklist> {
    return this.catalog.one(id);
  }

  /** Changes a list. With other settings, or enabled again, it is imported anew soon. */
  @Patch(':id')
  async change(
    @Param('id', ParseUUIDPipe) id: string,
    @Body() change: BlocklistChange,
    @CurrentRequester() requester: Requester,
  ): Promise<Blocklist> {
    const { source, isOther } = await this.edits.change(id, change, requester);
    if (isOther && source.isEnabled) await this.imports.queue(source, requester.username);
    return this.catalog.one(id);
  }

  /** Removes a list with all that was imported of it. What only it held is blocked no more. */
  @Delete(':id')
  @HttpCode(204)
  remove(@Param('id', ParseUUIDPipe) id: string, @CurrentRequester() requester: Requester): Promise<void> {
    return this.edits.remove(id, requester);
  }

  /** Imports a list now. The outcome of the operation is the import. */
  @Post(':id/run')
  @AnswersOperation()
  async run(
    @Param('id', ParseUUIDPipe) id: string,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.imports.run(await this.edits.find(id), requester));
  }

  /** Makes a list that was held because it looked broken count. */
  @Post(':id/confirm')
  @HttpCode(200)
  async confirm(@Param('id', ParseUUIDPipe) id: string, @CurrentRequester() requester: Requester): Promise<Blocklist> {
    await this.edits.confirm(id, requester);
    return this.catalog.one(id);
  }

  /** Forgets a list that was held. The same content is not asked about again. */
  @Post(':id/reject')
  @HttpCode(200)
  async reject(@Param('id', ParseUUIDPipe) id: string, @CurrentRequester() requester: Requester): Promise<Blocklist> {
    await this.edits.reject(id, requester);
    return this.catalog.one(id);
  }

  /** Downloads a list and says what an import would make of it, step by step. Stores nothing. */
  @Get(':id/preview')
  async preview(@Param('id', ParseUUIDPipe) id: string): Promise<BlocklistPreview> {
    return this.previews.stored(await this.edits.find(id));
  }
}
