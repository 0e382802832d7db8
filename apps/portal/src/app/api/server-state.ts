import { httpResource } from '@angular/common/http';
import { computed, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { serverStatus } from './generated/fn/server/server-status';
import { type ServerStatus } from './generated/models';
import { viewOf } from './resource-view';
import { SessionState } from './session-state';
import { Live } from './live/live';

/** The server BanGUI looks after: is fail2ban there, since when, and if not, why. Kept up to date by live events. */
@Service()
export class ServerState {
  private readonly session = inject(SessionState);
  private readonly resource = httpResource<ServerStatus>(() =>
    this.session.isSignedIn() ? serverStatus.PATH : undefined,
  );

  readonly view = viewOf(this.resource);
  readonly status = computed(() => {
    const view = this.view();
    return view.kind === 'ready' ? view.value : undefined;
  });
  /** True while fail2ban answers, and while nothing is known yet: no alarm without a reason. */
  readonly isOnline = computed(() => this.status()?.online ?? true);

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.name === 'resync') this.resource.reload();
        if (event.name === 'server') this.resource.update((status) => status && { ...status, ...event.data });
      });
  }

  reload(): void {
    this.resource.reload();
  }
}
