import { Controller, Get } from '@nestjs/common';
import { type Requester } from '../../core/http/requester.ts';
import { CurrentRequester } from '../auth/index.ts';
import { ServerStatus } from './server.dto.ts';
import { ServerService } from './server.service.ts';

/** The fail2ban server. */
@Controller('server')
export class ServerController {
  constructor(private readonly server: ServerService) {}

  /** Whether fail2ban is there, why not, and what BanGUI knows of its own place. Never waits for fail2ban. */
  @Get()
  status(@CurrentRequester() requester: Requester): Promise<ServerStatus> {
    return this.server.status(requester);
  }
}
