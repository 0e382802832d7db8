import { Component, computed, inject } from '@angular/core';
import { Live } from '../api/live/live';
import { ServerState } from '../api/server-state';
import { Clock } from '../ui/clock';
import { formatRelative } from '../ui/format';

/** Is what I see still true? `Live · last event 4 s ago`. */
@Component({
  selector: 'bangui-live-indicator',
  template: `
    <span class="live">
      @switch (state()) {
        @case ('live') {
          <i class="dot ok"></i><span i18n>Live</span>
          @if (lastEvent(); as ago) {
            <span class="muted dsk"
              >· <span i18n>last event {{ ago }}</span></span
            >
          }
        }
        @case ('offline') {
          <i class="dot danger"></i><span i18n>fail2ban offline</span>
        }
        @case ('reconnecting') {
          <i class="dot watch"></i><span i18n>Reconnecting…</span>
        }
        @default {
          <i class="dot off"></i><span i18n>Connecting…</span>
        }
      }
    </span>
  `,
  styles: `
    .live {
      display: flex;
      align-items: center;
      gap: 7px;
      font-size: var(--fs-12);
      color: var(--text-normal);
      white-space: nowrap;
    }
    .dot.ok {
      box-shadow: 0 0 0 3px var(--ok-bg);
    }
    @media (max-width: 799px) {
      .dsk {
        display: none;
      }
    }
    @media (max-width: 379px) {
      .live {
        font-size: 0;
        gap: 0;
      }
    }
  `,
})
export class LiveIndicator {
  private readonly clock = inject(Clock);
  private readonly live = inject(Live);
  private readonly server = inject(ServerState);

  protected readonly state = computed(() =>
    this.live.state() === 'live' && !this.server.isOnline() ? 'offline' : this.live.state(),
  );
  protected readonly lastEvent = computed(() => {
    const at = this.live.lastEventAt();
    return at === null ? '' : formatRelative(at, this.clock.now());
  });
}
