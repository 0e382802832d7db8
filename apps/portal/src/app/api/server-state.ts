import { httpResource } from '@angular/common/http';
import { computed, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { serverStatus } from './generated/fn/server/server-status';
import { type ServerStatus } from './generated/models';
import { Live } from './live/live';
import { LiveValue } from './live-value';
import { SessionState } from './session-state';

/** The server BanGUI looks after: is fail2ban there, since when, and if not, why. Kept up to date by live events. */
@Service()
export class ServerState {
  private readonly session = inject(SessionState);
  private readonly live = new LiveValue(
    httpResource<ServerStatus>(() => (this.session.isSignedIn() ? serverStatus.PATH : undefined)),
  );

  readonly view = this.live.view;
  readonly status = this.live.value;
  /** True while fail2ban answers, and while nothing is known yet: no alarm without a reason. */
  readonly isOnline = computed(() => this.status()?.online ?? true);

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.name === 'resync') this.live.reload();
        if (event.name === 'server') {
          this.live.change((status) => ({ ...status, ...event.data }));
          // When it was started, and how many jails it has, the event does not say.
          if (event.data.online) this.live.reload();
        }
      });
  }
}
