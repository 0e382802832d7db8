import { Component, computed, inject } from '@angular/core';
import { type ApiToken } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Clock } from '../ui/clock';
import { Confirm } from '../ui/confirm';
import { DialogOpener } from '../ui/dialog-opener';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { ListEnd } from '../ui/list-end';
import { Moment } from '../ui/moment';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { TokensApi } from './tokens-api';

/** The tokens with which programs come in. */
@Component({
  selector: 'bangui-tokens-panel',
  imports: [Failed, HostileText, Icon, ListEnd, Moment, Skeleton],
  templateUrl: './tokens-panel.html',
  styles: `
    .scopes {
      display: flex;
      flex-wrap: wrap;
      gap: 4px;
    }
    .more {
      padding: 10px 14px;
      text-align: center;
    }
  `,
})
export class TokensPanel {
  private readonly api = inject(TokensApi);
  private readonly clock = inject(Clock);
  private readonly confirm = inject(Confirm);
  private readonly dialogs = inject(DialogOpener);
  private readonly toasts = inject(Toasts);

  protected readonly list = this.api.list();
  protected readonly isEmpty = computed(() => this.list.items().length === 0);

  protected isOver({ expiresAt }: ApiToken): boolean {
    return expiresAt !== null && expiresAt <= this.clock.now();
  }

  protected async make(): Promise<void> {
    await this.dialogs.open<undefined, undefined>({
      load: async () => (await import('./new-token-dialog')).NewTokenDialog,
      width: '520px',
    });
    this.list.refresh();
  }

  protected async revoke(token: ApiToken): Promise<void> {
    const agreed = await this.confirm.ask({
      title: $localize`Revoke ${token.name}:name:?`,
      text: $localize`Whatever uses this token is refused from now on. This cannot be undone.`,
      action: $localize`Revoke`,
    });
    if (!agreed) return;
    try {
      await this.api.revoke(token.id);
      this.toasts.show($localize`${token.name}:name: was revoked.`);
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    }
    this.list.refresh();
  }
}
