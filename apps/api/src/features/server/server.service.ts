import { Injectable } from '@nestjs/common';
import { Clock } from '../../core/clock.ts';
import { Settings } from '../../core/config/settings.ts';
import { type Requester } from '../../core/http/requester.ts';
import { version } from '../../core/version.ts';
import { DatabaseSize } from './database-size.ts';
import { Fail2banWatcher } from './fail2ban-watcher.ts';
import { type ServerStatus } from './server.dto.ts';

/** What there is to say about the fail2ban server and BanGUI's own place, without asking fail2ban. */
@Injectable()
export class ServerService {
  private readonly apiStartedAt: number;

  constructor(
    private readonly watcher: Fail2banWatcher,
    private readonly settings: Settings,
    private readonly database: DatabaseSize,
    clock: Clock,
  ) {
    this.apiStartedAt = clock.now();
  }

  async status(requester: Requester): Promise<ServerStatus> {
    const { isOnline, since, version: fail2banVersion, startedAt, ...why } = this.watcher.state;
    return {
      id: 'local',
      online: isOnline,
      since,
      version: fail2banVersion,
      reason: why.reason,
      reasonCode: why.reasonCode,
      reasonParams: why.reasonParams,
      socketPath: this.settings.fail2banSocket,
      startedAt: isOnline ? startedAt : null,
      jails: this.watcher.jails.size,
      demo: this.settings.demoReason ?? null,
      api: { version, startedAt: this.apiStartedAt },
      database: await this.database.read(),
      requester: { address: requester.address },
    };
  }
}
