import { Component, computed, inject } from '@angular/core';
import { SessionState } from '../api/session-state';
import { Live } from '../api/live/live';
import { reasonText } from '../api/reason-text';
import { ServerState } from '../api/server-state';
import { Icon } from '../ui/icon';
import { Moment } from '../ui/moment';
import { HostileText } from '../ui/hostile-text';

/** Above every page: a demonstration, a dropped stream (quiet), fail2ban gone (clear). */
@Component({
  selector: 'bangui-status-strips',
  imports: [HostileText, Icon, Moment],
  template: `
    @if (demo(); as reason) {
      <div class="line info"><bangui-icon name="info" /><b i18n>Demo</b><bangui-hostile-text [text]="reason" /></div>
    }
    @if (isReconnecting()) {
      <div class="line quiet" role="status">
        <i class="dot run"></i><span i18n>Reconnecting…</span
        ><span class="muted" i18n>What you see is from before; nothing is lost.</span>
      </div>
    } @else if (offline(); as status) {
      <div class="line danger tall" role="alert">
        <bangui-icon name="danger" />
        <div>
          <b i18n>fail2ban is offline: nothing is being banned.</b>&ngsp;
          <span i18n>Since <bangui-moment [at]="status.since" />.</span>&ngsp;
          @if (why(); as reason) {
            <bangui-hostile-text [text]="reason" />
          }
          <p class="muted">
            <span i18n>Start it on the server, for example with</span>&ngsp;<code class="mono"
              >systemctl start fail2ban</code
            >.&ngsp;<span i18n>This page notices by itself.</span>
          </p>
        </div>
      </div>
    }
  `,
  styles: `
    .line {
      display: flex;
      gap: 10px;
      align-items: center;
      padding: 6px 24px;
      font-size: var(--fs-13);
      line-height: 1.45;
      color: var(--text-normal);
      background: var(--b);
      border-bottom: 1px solid var(--o);
    }
    .line > bangui-icon {
      color: var(--f);
    }
    b {
      font-weight: 600;
      color: var(--text-strong);
    }
    .quiet {
      background: var(--surface-2);
      border-color: var(--border);
    }
    .tall {
      align-items: flex-start;
      padding-block: 9px;
    }
    .tall > bangui-icon {
      margin-top: 1px;
    }
    .danger .muted {
      color: var(--text-normal);
    }
    @media (max-width: 599px) {
      .line {
        padding-inline: 12px;
      }
      .quiet .muted {
        display: none;
      }
    }
  `,
})
export class StatusStrips {
  private readonly live = inject(Live);
  private readonly server = inject(ServerState);
  private readonly session = inject(SessionState);

  protected readonly demo = computed(() => this.server.status()?.demo ?? this.session.current()?.demo ?? null);
  protected readonly isReconnecting = computed(() => this.live.state() === 'reconnecting');
  protected readonly offline = computed(() => {
    const status = this.server.status();
    return status && !status.online ? status : undefined;
  });
  protected readonly why = computed(() => {
    const status = this.offline();
    return status ? reasonText(status) : '';
  });
}
