import { inject, Service } from '@angular/core';
import { Api } from '../api/generated/api';
import { logsPage, type LogsPage$Params } from '../api/generated/fn/logs/logs-page';
import { type LogPage } from '../api/generated/models';

/** What the API says of fail2ban's log. */
@Service()
export class LogsApi {
  private readonly api = inject(Api);

  page(query: LogsPage$Params): Promise<LogPage> {
    return this.api.invoke(logsPage, query);
  }
}
