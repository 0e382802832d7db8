import { httpResource } from '@angular/common/http';
import { computed, inject, Service } from '@angular/core';
import { takeUntilDestroyed } from '@angular/core/rxjs-interop';
import { enforcementStatus } from './generated/fn/enforcement/enforcement-status';
import { type EnforcementStatus } from './generated/models';
import { Live } from './live/live';
import { LiveValue } from './live-value';
import { SessionState } from './session-state';

/** How the lists are enforced. */
@Service()
export class EnforcementState {
  private readonly session = inject(SessionState);
  private readonly live = new LiveValue(
    httpResource<EnforcementStatus>(() => (this.session.isSignedIn() ? enforcementStatus.PATH : undefined)),
  );

  readonly view = this.live.view;
  readonly concerns = computed(() => this.live.value()?.needsAttention ?? []);

  constructor() {
    inject(Live)
      .events.pipe(takeUntilDestroyed())
      .subscribe((event) => {
        if (event.name === 'resync') this.live.reload();
      });
  }

  /** Takes over what the API said. */
  take(status: EnforcementStatus): void {
    this.live.change(() => status);
  }

  reload(): void {
    this.live.reload();
  }

  /** Reads again every few seconds while the caller lives, because no event tells what enforcers report. Needs an injection context. */
  follow(): void {
    this.live.follow();
  }
}
