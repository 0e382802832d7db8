import { computed, inject, Service, signal } from '@angular/core';
import { Api } from './generated/api';
import { authLogin } from './generated/fn/auth/auth-login';
import { authLogout } from './generated/fn/auth/auth-logout';
import { authSession } from './generated/fn/auth/auth-session';
import { type Session } from './generated/models';
import { problemOf, ProblemError } from './problem';

/** Who is signed in on this browser. */
@Service()
export class SessionState {
  private readonly api = inject(Api);
  private readonly state = signal<Session | null | undefined>(undefined);

  /** The session; null when nobody is signed in; undefined before the first answer. */
  readonly current = this.state.asReadonly();
  readonly isSignedIn = computed(() => (this.state() ?? null) !== null);

  /** The session, asked from the API the first time. Throws ProblemError when the API does not answer. */
  async load(): Promise<Session | null> {
    const known = this.state();
    if (known !== undefined) return known;
    try {
      this.state.set(await this.api.invoke(authSession));
    } catch (error) {
      const problem = problemOf(error);
      if (problem.status !== 401) throw new ProblemError(problem);
      this.state.set(null);
    }
    return this.state() ?? null;
  }

  async signIn(username: string, password: string): Promise<void> {
    this.started(await this.api.invoke(authLogin, { body: { username, password } }));
  }

  async signOut(): Promise<void> {
    await this.api.invoke(authLogout);
    this.ended();
  }

  /** A session began by another way than signing in: the set-up. */
  started(session: Session): void {
    this.state.set(session);
  }

  /** The API ended the session, or it ran out. */
  ended(): void {
    this.state.set(null);
  }
}
