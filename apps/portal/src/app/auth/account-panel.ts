import { Component, computed, inject, signal } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { type OpenSession } from '../api/generated/models';
import { problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { viewOf } from '../api/resource-view';
import { Busy } from '../ui/busy';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Moment } from '../ui/moment';
import { PasswordField } from '../ui/password-field';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { AuthApi } from './auth-api';
import { browserOf } from './browser-of';
import { SessionState } from '../api/session-state';

const SHORTEST_PASSWORD = 12;

/** One's own password and sessions. */
@Component({
  selector: 'bangui-account-panel',
  imports: [Busy, Failed, FormField, HostileText, Moment, PasswordField, ProblemNote, Skeleton],
  templateUrl: './account-panel.html',
  styleUrl: './account-panel.css',
})
export class AccountPanel {
  private readonly api = inject(AuthApi);
  private readonly toasts = inject(Toasts);
  protected readonly session = inject(SessionState);

  protected readonly sessions = this.api.sessions();
  protected readonly view = viewOf(this.sessions);
  protected readonly ending = signal<string | null>(null);

  protected readonly model = signal({ current: '', next: '', repeated: '' });
  protected readonly fields = form(this.model);
  protected readonly isSaving = signal(false);
  protected readonly problem = signal<string | null>(null);
  protected readonly fault = computed(() => {
    const { current, next, repeated } = this.model();
    if (current === '' && next === '' && repeated === '') return null;
    if (next !== '' && next.length < SHORTEST_PASSWORD)
      return $localize`At least ${SHORTEST_PASSWORD}:length: characters.`;
    return repeated !== '' && repeated !== next ? $localize`The two do not match.` : null;
  });
  protected readonly canSave = computed(() => {
    const { current, next, repeated } = this.model();
    return current !== '' && next !== '' && next === repeated && this.fault() === null && !this.isSaving();
  });
  protected readonly browser = browserOf;

  protected async changePassword(event: Event): Promise<void> {
    event.preventDefault();
    if (!this.canSave()) return;
    const { current, next } = this.model();
    this.isSaving.set(true);
    this.problem.set(null);
    try {
      await this.api.changePassword(current, next);
      this.model.set({ current: '', next: '', repeated: '' });
      this.toasts.show($localize`Your password was changed. Your other sessions have ended.`);
      this.sessions.reload();
    } catch (error) {
      this.problem.set(problemText(problemOf(error)));
    } finally {
      this.isSaving.set(false);
    }
  }

  protected async end(row: OpenSession): Promise<void> {
    this.ending.set(row.id);
    try {
      await this.api.endSession(row.id);
      this.toasts.show($localize`The session from ${row.address}:address: has ended.`);
      this.sessions.reload();
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    } finally {
      this.ending.set(null);
    }
  }
}
