import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { type Administrator } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { viewOf } from '../api/resource-view';
import { Busy } from '../ui/busy';
import { Confirm } from '../ui/confirm';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Moment } from '../ui/moment';
import { PasswordField } from '../ui/password-field';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { AuthApi } from './auth-api';
import { SessionState } from '../api/session-state';

const SHORTEST_PASSWORD = 12;

/** Everybody who may sign in. */
@Component({
  selector: 'bangui-administrators-panel',
  imports: [Busy, Failed, FormField, HostileText, Moment, PasswordField, ProblemNote, Skeleton],
  templateUrl: './administrators-panel.html',
  styleUrl: './account-panel.css',
})
export class AdministratorsPanel {
  private readonly api = inject(AuthApi);
  private readonly confirm = inject(Confirm);
  private readonly session = inject(SessionState);
  private readonly toasts = inject(Toasts);

  protected readonly administrators = this.api.administrators();
  protected readonly view = viewOf(this.administrators);
  protected readonly model = signal({ username: '', password: '' });
  protected readonly fields = form(this.model);
  protected readonly isSaving = signal(false);
  protected readonly problem = signal<string | null>(null);
  protected readonly canAdd = computed(() => {
    const { username, password } = this.model();
    return username.trim() !== '' && password.length >= SHORTEST_PASSWORD && !this.isSaving();
  });

  /** Nobody removes themselves, and so the last one always stays. */
  protected isSelf(row: Administrator): boolean {
    return row.username === this.session.current()?.username;
  }

  protected async add(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.canAdd()) return;
    const { username, password } = this.model();
    this.isSaving.set(true);
    this.problem.set(null);
    try {
      await this.api.addAdministrator(username.trim(), password);
      this.model.set({ username: '', password: '' });
      this.toasts.show($localize`${username.trim()}:name: can sign in now.`);
      this.administrators.reload();
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    } finally {
      this.isSaving.set(false);
    }
  }

  protected async remove(row: Administrator): Promise<void> {
    const agreed = await this.confirm.ask({
      title: $localize`Remove ${row.username}:name:?`,
      text: $localize`The account and its sessions end at once. What it did stays in the audit log.`,
      action: $localize`Remove`,
    });
    if (!agreed) return;
    try {
      await this.api.removeAdministrator(row.id);
      this.toasts.show($localize`${row.username}:name: was removed.`);
      this.administrators.reload();
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    }
  }
}
