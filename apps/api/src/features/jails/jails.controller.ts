import { Body, Controller, Delete, Get, HttpCode, Param, Patch, Post, Res, UseInterceptors } from '@nestjs/common';
import { Fail2banProblems } from '../../core/fail2ban/index.ts';
import { type Requester } from '../../core/http/requester.ts';
import { answerOperation, AnswersOperation, Operation, type StatusReply } from '../../core/operations/index.ts';
import { CurrentRequester } from '../auth/index.ts';
import { JailAdjustments } from './jail-adjustments.ts';
import { JailSteering } from './jail-steering.ts';
import {
  IgnoredAddress,
  IgnoredAddressPath,
  JailDetail,
  JailList,
  JailName,
  JailParametersChange,
} from './jails.dto.ts';
import { JailsService } from './jails.service.ts';

/** Jails: all of them, whatever file they come from, running or not. */
@Controller('jails')
@UseInterceptors(Fail2banProblems)
export class JailsController {
  constructor(
    private readonly jails: JailsService,
    private readonly steering: JailSteering,
    private readonly adjustments: JailAdjustments,
  ) {}

  /** Every jail by name, from memory: answers at once, also while fail2ban is offline. */
  @Get()
  list(): JailList {
    return this.jails.list();
  }

  /** Reloads every jail from the configuration, after a dry run that finds nothing wrong. */
  @Post('reload')
  @AnswersOperation()
  async reloadAll(
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.steering.reload(undefined, requester));
  }

  /** Everything about one jail, read from fail2ban now. */
  @Get(':name')
  detail(@Param() { name }: JailName): Promise<JailDetail> {
    return this.jails.detail(name);
  }

  /** Starts a jail: wakes it when idle, loads it from the configuration when the server does not have it. */
  @Post(':name/start')
  @AnswersOperation()
  async start(
    @Param() { name }: JailName,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.steering.start(name, requester));
  }

  /** Stops a jail; its bans end. It comes back with the next reload. */
  @Post(':name/stop')
  @AnswersOperation()
  async stop(
    @Param() { name }: JailName,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.steering.stop(name, requester));
  }

  /** Lets a jail rest: it reads no log, its bans stay. */
  @Post(':name/idle')
  @AnswersOperation()
  async idle(
    @Param() { name }: JailName,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.steering.idle(name, requester));
  }

  /** Reloads one jail from the configuration, after a dry run of the whole of it that finds nothing wrong. */
  @Post(':name/reload')
  @AnswersOperation()
  async reload(
    @Param() { name }: JailName,
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.steering.reload(name, requester));
  }

  /** Reads back what the server has of a jail and compares it with the configuration. */
  @Post(':name/prove')
  @AnswersOperation()
  async prove(@Param() { name }: JailName, @Res({ passthrough: true }) reply: StatusReply): Promise<Operation> {
    return answerOperation(reply, await this.steering.prove(name));
  }

  /** Changes parameters of the running jail. They work at once and are lost at the next reload. */
  @Patch(':name/parameters')
  changeParameters(
    @Param() { name }: JailName,
    @Body() change: JailParametersChange,
    @CurrentRequester() requester: Requester,
  ): Promise<JailDetail> {
    return this.adjustments.changeParameters(name, change, requester);
  }

  /** Makes the running jail ignore an address or network, until the next reload. */
  @Post(':name/ignored')
  @HttpCode(200)
  addIgnored(
    @Param() { name }: JailName,
    @Body() { address }: IgnoredAddress,
    @CurrentRequester() requester: Requester,
  ): Promise<JailDetail> {
    return this.adjustments.addIgnored(name, address, requester);
  }

  /** Removes an entry of the running jail's ignore list, until the next reload. */
  @Delete(':name/ignored/:address')
  removeIgnored(
    @Param() { name, address }: IgnoredAddressPath,
    @CurrentRequester() requester: Requester,
  ): Promise<JailDetail> {
    return this.adjustments.removeIgnored(name, address, requester);
  }
}
