import { httpResource } from '@angular/common/http';
import { computed, inject, Service, signal } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { configurationOverview } from './generated/fn/configuration/configuration-overview';
import { type ConfigurationOverview } from './generated/models';
import { Live } from './live/live';
import { LiveValue } from './live-value';
import { SessionState } from './session-state';

/** fail2ban's configuration in short: its files, its newest version, and the change that is under way. */
@Service()
export class ConfigurationState {
  private readonly session = inject(SessionState);
  private readonly live = new LiveValue(
    httpResource<ConfigurationOverview>(() => (this.session.isSignedIn() ? configurationOverview.PATH : undefined)),
  );
  private readonly revisions = signal(0);

  readonly view = this.live.view;
  readonly files = computed(() => this.live.value()?.files ?? []);
  /** Null when nothing is going on, and as long as nothing is known. */
  readonly change = computed(() => this.live.value()?.change ?? null);
  /** A change that was interrupted: it is being undone, or waits for somebody to decide. */
  readonly interrupted = computed(() => {
    const change = this.change();
    return change?.state === 'undoing' || change?.state === 'stuck' ? change : null;
  });
  /** Grows whenever somebody has changed the configuration, so that what was read can be read again. */
  readonly revision = this.revisions.asReadonly();

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.name === 'resync') this.noteChange();
        if (event.name !== 'operation' || event.data.kind !== 'configure') return;
        if (event.data.status === 'running') this.live.reload();
        else this.noteChange();
      });
  }

  /** Has everything that shows the configuration read it again. */
  noteChange(): void {
    this.revisions.update((count) => count + 1);
    this.live.reload();
  }

  /** Looks again every few seconds while the caller lives: no event tells that a recovery has ended. Needs an injection context. */
  follow(): void {
    this.live.follow();
  }
}
