import { Component, computed, DestroyRef, inject, input, signal } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { Router } from '@angular/router';
import { type Problem, problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { Busy } from '../ui/busy';
import { Clock } from '../ui/clock';
import { formatDuration } from '../ui/format';
import { Icon } from '../ui/icon';
import { PasswordField } from '../ui/password-field';
import { ProblemNote } from '../ui/problem-note';
import { BarePage } from '../shell/bare-page';
import { returnAddress } from '../shell/return-address';
import { SessionState } from '../api/session-state';

/** User and password. Says nothing about the server before somebody is signed in. */
@Component({
  selector: 'bangui-sign-in-page',
  imports: [BarePage, Busy, FormField, Icon, PasswordField, ProblemNote],
  templateUrl: './sign-in-page.html',
  styleUrl: '../shell/bare-card.css',
})
export class SignInPage {
  private readonly clock = inject(Clock);
  private readonly router = inject(Router);
  private readonly session = inject(SessionState);

  /** From the query string: the page to open afterwards. */
  readonly returnTo = input<string>();
  /** From the query string: set when the session ended by itself. */
  readonly ended = input<string>();

  protected readonly model = signal({ username: '', password: '' });
  protected readonly fields = form(this.model);
  protected readonly isSending = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  private readonly blockedUntil = signal(0);

  protected readonly wait = computed(() => Math.ceil((this.blockedUntil() - this.clock.now()) / 1000));
  protected readonly isBlocked = computed(() => this.problem()?.code === 'too-many-attempts' && this.wait() > 0);
  protected readonly waitWords = computed(() => formatDuration(Math.max(0, this.wait())));
  protected readonly sentence = computed(() => {
    const problem = this.problem();
    return problem ? problemText(problem) : null;
  });

  constructor() {
    inject(DestroyRef).onDestroy(() => this.model.set({ username: '', password: '' }));
  }

  protected async signIn(event: Event): Promise<void> {
    event.preventDefault();
    const { username, password } = this.model();
    if (this.isSending() || this.isBlocked() || username === '' || password === '') return;
    this.isSending.set(true);
    try {
      await this.session.signIn(username, password);
      this.problem.set(null);
      await this.router.navigateByUrl(returnAddress(this.returnTo()));
    } catch (error) {
      const problem = problemOf(error);
      this.blockedUntil.set(this.clock.now() + (problem.retryAfter ?? 60) * 1000);
      this.problem.set(problem);
      this.model.update((model) => ({ ...model, password: '' }));
    } finally {
      this.isSending.set(false);
    }
  }
}
