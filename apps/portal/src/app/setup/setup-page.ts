import { httpResource } from '@angular/common/http';
import { Component, computed, DestroyRef, inject, signal } from '@angular/core';
import { FormField, form } from '@angular/forms/signals';
import { Router, RouterLink } from '@angular/router';
import { Api } from '../api/generated/api';
import { allowlistAdd } from '../api/generated/fn/allowlist/allowlist-add';
import { setupComplete } from '../api/generated/fn/setup/setup-complete';
import { setupState } from '../api/generated/fn/setup/setup-state';
import { type SetupCheck, type SetupState } from '../api/generated/models';
import { type Problem, problemOf } from '../api/problem';
import { problemText } from '../api/problem-text';
import { viewOf } from '../api/resource-view';
import { BarePage } from '../shell/bare-page';
import { SessionState } from '../api/session-state';
import { Busy } from '../ui/busy';
import { Failed } from '../ui/failed';
import { HostileText } from '../ui/hostile-text';
import { Icon } from '../ui/icon';
import { PasswordField } from '../ui/password-field';
import { ProblemNote } from '../ui/problem-note';
import { Skeleton } from '../ui/skeleton';
import { Toasts } from '../ui/toasts';
import { checkWords } from './check-words';

/** The checks are made again this often, so that mending something shows by itself. Milliseconds. */
const CHECK_EVERY_MS = 3000;
/** As the API demands. */
const SHORTEST_PASSWORD = 12;

/** First run: what BanGUI finds on this machine, live, and the first administrator. */
@Component({
  selector: 'bangui-setup-page',
  imports: [BarePage, Busy, Failed, FormField, HostileText, Icon, PasswordField, ProblemNote, RouterLink, Skeleton],
  templateUrl: './setup-page.html',
  styleUrl: '../shell/bare-card.css',
})
export class SetupPage {
  private readonly api = inject(Api);
  private readonly toasts = inject(Toasts);
  private readonly router = inject(Router);
  private readonly session = inject(SessionState);

  protected readonly setup = httpResource<SetupState>(() => setupState.PATH);
  protected readonly view = viewOf(this.setup);
  protected readonly model = signal({ username: '', password: '', repeated: '', code: '' });
  protected readonly fields = form(this.model);
  protected readonly isSending = signal(false);
  protected readonly problem = signal<Problem | null>(null);
  protected readonly wasTried = signal(false);
  /** Whether the address of the person goes on the allowlist. */
  protected readonly isAllowed = signal(false);

  protected readonly isCodeRequired = computed(() => {
    const view = this.view();
    return view.kind === 'ready' && view.value.codeRequired;
  });
  /** What keeps the form from being sent, by field. */
  protected readonly faults = computed(() => {
    const { username, password, repeated, code } = this.model();
    return {
      username: username.trim() === '' ? $localize`Choose a name.` : null,
      password:
        password.length < SHORTEST_PASSWORD ? $localize`At least ${SHORTEST_PASSWORD}:length: characters.` : null,
      repeated: repeated !== password ? $localize`The two do not match.` : null,
      code: this.isCodeRequired() && code.trim() === '' ? $localize`The code is needed from another computer.` : null,
    };
  });
  private readonly isComplete = computed(() => Object.values(this.faults()).every((fault) => fault === null));
  protected readonly sentence = computed(() => {
    const problem = this.problem();
    return problem ? problemText(problem) : null;
  });

  constructor() {
    const timer = setInterval(() => {
      if (!document.hidden && !this.setup.isLoading()) this.setup.reload();
    }, CHECK_EVERY_MS);
    inject(DestroyRef).onDestroy(() => clearInterval(timer));
  }

  protected readonly wordsOf = checkWords;

  protected nameOf(check: SetupCheck): string {
    switch (check.name) {
      case 'socket':
        return $localize`fail2ban's socket`;
      case 'configuration':
        return $localize`fail2ban's configuration`;
      case 'database':
        return $localize`BanGUI's database`;
      case 'programs':
        return $localize`fail2ban's programs`;
      default:
        return check.name;
    }
  }

  protected async create(event: Event): Promise<void> {
    event.preventDefault();
    this.wasTried.set(true);
    if (!this.isComplete() || this.isSending()) return;
    const { username, password, code } = this.model();
    this.isSending.set(true);
    this.problem.set(null);
    try {
      const body = { username: username.trim(), password, ...(code.trim() === '' ? {} : { code: code.trim() }) };
      const own = this.ownAddress();
      this.session.started(await this.api.invoke(setupComplete, { body }));
      if (own !== null && this.isAllowed()) await this.allow(own);
      await this.router.navigateByUrl('/');
    } catch (error) {
      this.problem.set(problemOf(error));
    } finally {
      this.isSending.set(false);
    }
  }

  private ownAddress(): string | null {
    const view = this.view();
    return view.kind === 'ready' ? view.value.address : null;
  }

  /** The account is made by now, so a failure here is told and nothing more. */
  private async allow(address: string): Promise<void> {
    try {
      const body = { addresses: [address], note: $localize`Where BanGUI was set up from`, isPushedToFail2ban: true };
      await this.api.invoke(allowlistAdd, { body });
      this.toasts.show($localize`${address}:address: will never be banned`);
    } catch (error) {
      this.toasts.show(problemText(problemOf(error)), { meaning: 'danger' });
    }
  }
}
