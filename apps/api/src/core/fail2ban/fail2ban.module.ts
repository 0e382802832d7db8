import { Fail2banClient } from '@bangui/fail2ban';
import { Global, Inject, Module, type OnApplicationShutdown } from '@nestjs/common';
import { Settings } from '../config/settings.ts';
import { Tracing } from '../tracing/index.ts';
import { ClientHealth } from './client-health.ts';
import { Fail2banConfiguration } from './fail2ban-configuration.ts';
import { Fail2banHealth } from './fail2ban-health.ts';
import { Fail2banWork } from './fail2ban-work.ts';

/** The one connection to fail2ban, its health, and fail2ban's own programs. */
@Global()
@Module({
  providers: [
    {
      provide: Fail2banClient,
      inject: [Settings, Tracing],
      useFactory: (settings: Settings, tracing: Tracing) =>
        new Fail2banClient({
          socketPath: settings.fail2banSocket,
          around: ({ name, jail }, send) =>
            tracing.inSpan(
              {
                name: `fail2ban ${name}`,
                isCall: true,
                facts: { 'bangui.fail2ban.command': name, ...(jail !== undefined && { 'bangui.fail2ban.jail': jail }) },
              },
              send,
            ),
        }),
    },
    Fail2banWork,
    ClientHealth,
    { provide: Fail2banHealth, useExisting: ClientHealth },
    Fail2banConfiguration,
  ],
  exports: [Fail2banClient, Fail2banWork, ClientHealth, Fail2banHealth, Fail2banConfiguration],
})
export class Fail2banModule implements OnApplicationShutdown {
  constructor(@Inject(Fail2banClient) private readonly client: Fail2banClient) {}

  /** Closes the connection after the last request was served. */
  async onApplicationShutdown(): Promise<void> {
    await this.client.close();
  }
}
