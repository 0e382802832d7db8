import { Body, Controller, Get, HttpCode, Patch, Post, Res, UseInterceptors } from '@nestjs/common';
import { Fail2banProblems } from '../../../core/fail2ban/index.ts';
import { type Requester } from '../../../core/http/requester.ts';
import { answerOperation, AnswersOperation, Operation, type StatusReply } from '../../../core/operations/index.ts';
import { CurrentRequester } from '../../auth/index.ts';
import { ServerSettingsChange, ServerSettingsNow } from './server-control.dto.ts';
import { ServerRestart } from './server-restart.ts';
import { ServerSettingsService } from './server-settings.service.ts';

/** Settings and steering of the fail2ban server as a whole. */
@Controller('server')
@UseInterceptors(Fail2banProblems)
export class ServerControlController {
  constructor(
    private readonly settings: ServerSettingsService,
    private readonly restarts: ServerRestart,
  ) {}

  /** Settings of the running fail2ban, read now. */
  @Get('settings')
  read(): Promise<ServerSettingsNow> {
    return this.settings.read();
  }

  /** Changes settings of the running fail2ban. They work at once and are lost at its restart, unless its files say the same. */
  @Patch('settings')
  change(@Body() change: ServerSettingsChange, @CurrentRequester() requester: Requester): Promise<ServerSettingsNow> {
    return this.settings.change(change, requester);
  }

  /** Makes fail2ban open its log file anew, as after a rotation. */
  @Post('flush-logs')
  @HttpCode(204)
  flushLogs(@CurrentRequester() requester: Requester): Promise<void> {
    return this.settings.flushLogs(requester);
  }

  /** Restarts fail2ban where BanGUI was given a way to, after a dry run that finds nothing wrong. */
  @Post('restart')
  @AnswersOperation()
  async restart(
    @CurrentRequester() requester: Requester,
    @Res({ passthrough: true }) reply: StatusReply,
  ): Promise<Operation> {
    return answerOperation(reply, await this.restarts.restart(requester));
  }
}
