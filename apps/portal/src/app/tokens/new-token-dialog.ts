import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form, maxLength } from '@angular/forms/signals';
import { MatDialogModule } from '@angular/material/dialog';
import { type NewApiToken } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { CopyText } from '../ui/copy-text';
import { momentOfField } from '../ui/date-field';
import { Icon } from '../ui/icon';
import { ProblemNote } from '../ui/problem-note';
import { TokensApi } from './tokens-api';

type Scope = NewApiToken['scopes'][number];

/** Characters, as the API allows. */
const LONGEST_NAME = 64;

/** Makes a token, then shows it this once. */
@Component({
  selector: 'bangui-new-token-dialog',
  imports: [Busy, FormField, Icon, MatDialogModule, ProblemNote],
  templateUrl: './new-token-dialog.html',
  styles: `
    fieldset {
      margin: 0;
      padding: 0;
      border: 0;
    }
    legend {
      padding: 0 0 6px;
      font-size: var(--fs-13);
      font-weight: 500;
    }
  `,
})
export class NewTokenDialog {
  private readonly api = inject(TokensApi);
  private readonly copyText = inject(CopyText);

  protected readonly scopes: readonly { readonly name: Scope; readonly text: string }[] = [
    { name: 'feeds:read', text: $localize`fetch published lists, for a firewall` },
    { name: 'metrics:read', text: $localize`read the figures, for Prometheus` },
    { name: 'enforcement:read', text: $localize`fetch what to block, for an enforcer` },
    { name: 'enforcement:report', text: $localize`report what is blocked, for an enforcer` },
  ];
  private readonly model = signal({ name: '', expires: '' });
  protected readonly fields = form(this.model, (path) => {
    maxLength(path.name, LONGEST_NAME);
  });
  protected readonly chosen = signal<ReadonlySet<Scope>>(new Set());
  protected readonly isSending = signal(false);
  protected readonly problem = signal<string | null>(null);
  /** The token, once it is made. It lives in this dialog and nowhere else. */
  protected readonly token = signal<string | null>(null);
  protected readonly canSend = computed(
    () => this.model().name.trim() !== '' && this.chosen().size > 0 && !this.isSending(),
  );

  protected toggle(scope: Scope): void {
    this.chosen.update((chosen) => {
      const next = new Set(chosen);
      if (!next.delete(scope)) next.add(scope);
      return next;
    });
  }

  protected async send(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.canSend()) return;
    const { name, expires } = this.model();
    this.isSending.set(true);
    this.problem.set(null);
    try {
      const request = { name: name.trim(), scopes: [...this.chosen()], expiresAt: momentOfField(expires) };
      this.token.set((await this.api.create(request)).token);
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    } finally {
      this.isSending.set(false);
    }
  }

  protected copy(token: string): void {
    void this.copyText.copy(token, $localize`The token was copied.`);
  }
}
