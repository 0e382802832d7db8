import { httpResource, type HttpResourceRef } from '@angular/common/http';
import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { serverControlChange } from '../api/generated/fn/server-control/server-control-change';
import { serverControlFlushLogs } from '../api/generated/fn/server-control/server-control-flush-logs';
import { serverControlRead } from '../api/generated/fn/server-control/server-control-read';
import { serverControlRestart } from '../api/generated/fn/server-control/server-control-restart';
import { type Operation, type ServerSettingsChange, type ServerSettingsNow } from '../api/generated/models';
import { Operations } from '../api/operations';

/** What is asked of the fail2ban server as a whole. Whether it is there is ServerState's. */
@Service()
export class ServerApi {
  private readonly api = inject(Api);
  private readonly operations = inject(Operations);

  /** Settings of the running fail2ban. Needs an injection context. */
  settings(): HttpResourceRef<ServerSettingsNow | undefined> {
    return httpResource<ServerSettingsNow>(() => serverControlRead.PATH);
  }

  change(body: ServerSettingsChange): Promise<ServerSettingsNow> {
    return this.api.invoke(serverControlChange, { body });
  }

  flushLogs(): Promise<void> {
    return this.api.invoke(serverControlFlushLogs);
  }

  /** Resolves when fail2ban is back with its jails. Throws ProblemError. */
  restart(): Promise<Operation> {
    return this.operations.run(this.api.invoke(serverControlRestart), $localize`Restarting fail2ban…`);
  }
}
