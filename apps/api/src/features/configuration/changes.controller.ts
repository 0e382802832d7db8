import { Body, Controller, Get, HttpCode, Param, Post, Query, Res, UseInterceptors } from '@nestjs/common';
import { PageQuery } from '../../core/database/page-query.dto.ts';
import { Fail2banProblems } from '../../core/fail2ban/index.ts';
import { type Requester } from '../../core/http/requester.ts';
import { answerOperation, AnswersOperation, Operation, type StatusReply } from '../../core/operations/index.ts';
import { CurrentRequester } from '../auth/index.ts';
import { Adoption, ChangeCheck, ChangeReason, ConfigurationChange, ConfigurationEdits } from './changes.dto.ts';
import { ConfigurationChanges } from './configuration-changes.ts';
import { ConfigurationUnknown } from './configuration.errors.ts';
import { ConfigurationVersionDetail, Resolution, VersionNumber, VersionPage } from './configuration.dto.ts';
import { type ConfigVersionEntity, ConfigurationRepository } from './store/index.ts';

/** Changes of fail2ban's configuration: checked, made as one, read back, kept as versions. */
@Controller('configuration')
@UseInterceptors(Fail2banProblems)
export class ChangesController {
  constructor(
    private readonly changes: ConfigurationChanges,
    private readonly repository: ConfigurationRepository,
  ) {}

  /** What a change would do and what is against it. Writes nothing. */
  @Post('check')
  @HttpCode(200)
  check(@Body() edits: ConfigurationEdits): Promise<ChangeCheck> {
    return this.changes.check(edits);
  }

  /** Makes a change: all of it, or nothing. */
  @Post('changes')
  @AnswersOperation()
  async apply(
    @Body() change: ConfigurationChange,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.changes.apply(change, requester));
  }

  /** Hands a file over to BanGUI, which keeps a copy of it and may change it from then on. */
  @Post('adopt')
  @AnswersOperation()
  async adopt(
    @Body() adoption: Adoption,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.changes.adopt(adoption, requester));
  }

  /** Every version, newest first. */
  @Get('versions')
  async versions(@Query() query: PageQuery): Promise<VersionPage> {
    const { items, nextCursor } = await this.repository.versions(query);
    return {
      items: items.map((version) => ({ ...summaryOf(version), files: [...version.files] })),
      nextCursor,
    };
  }

  /** A version with what it changed. */
  @Get('versions/:number')
  async version(@Param() { number }: VersionNumber): Promise<ConfigurationVersionDetail> {
    const found = await this.repository.version(number);
    if (!found) throw new ConfigurationUnknown(`version ${number}`);
    const files = found.files.map(({ path, before, after }) => ({ path, before, after }));
    return { ...summaryOf(found), files };
  }

  /** What going back to a version would do and what is against it. Writes nothing. */
  @Post('versions/:number/check')
  @HttpCode(200)
  checkRestore(@Param() { number }: VersionNumber): Promise<ChangeCheck> {
    return this.changes.checkRestore(number);
  }

  /** Brings back the files as they were in a version; 0 is before the first. That is a new version. */
  @Post('versions/:number/restore')
  @AnswersOperation()
  async restore(
    @Param() { number }: VersionNumber,
    @Body() reason: ChangeReason,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.changes.restore(number, reason, requester));
  }

  /** Ends an interrupted change that could not be undone. */
  @Post('resolve')
  @HttpCode(204)
  async resolve(@Body() { how }: Resolution, @CurrentRequester() requester: Requester): Promise<void> {
    await this.changes.resolve(how, requester);
  }
}

function summaryOf({ number, at, kind, actor, comment, restored }: ConfigVersionEntity) {
  return { number, at, kind, actor, comment, restored };
}
